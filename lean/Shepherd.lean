module

public import Shepherd.Encoded
public import Shepherd.Thm.Ancestors
public import Shepherd.Thm.Blame
public import Shepherd.Thm.Care
public import Shepherd.Thm.Gc
public import Shepherd.Thm.Idem
public import Shepherd.Thm.Merge
public import Shepherd.Thm.Names
public import Shepherd.Thm.Ops
public import Shepherd.Thm.Replay
public import Shepherd.Thm.Restore
public import Shepherd.Thm.Sync
public import Shepherd.Vectors
