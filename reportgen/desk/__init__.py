"""`reportgen desk`: the commands as a page on this machine, for who has no terminal. Nothing leaves the machine."""
