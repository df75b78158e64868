"""The commands, one file each or a few small ones together: arguments in, an answer out, no logic.

Heavy modules are imported inside commands. Annotations are no strings here, as they are elsewhere: Typer would
compile each of them at every start.
"""
