module

public import Shepherd.Thm.Basic
