module

public import Shepherd.Thm.Ops
public import Shepherd.Thm.Replay
