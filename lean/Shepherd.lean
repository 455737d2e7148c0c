module

public import Shepherd.Thm.Gc
public import Shepherd.Thm.Merge
public import Shepherd.Thm.Ops
public import Shepherd.Thm.Replay
public import Shepherd.Thm.Restore
