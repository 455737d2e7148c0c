module

public import Shepherd.Vectors.Part1
public import Shepherd.Vectors.Part2
public import Shepherd.Vectors.Part3
public import Shepherd.Vectors.Part4
