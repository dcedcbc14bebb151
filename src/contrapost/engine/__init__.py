"""Decides when and where work is done, in this process or another one; what is done is flow's affair."""
