module

public import Shepherd.Thm.Ops
