"""The command line: one module for each command, named like it, with a function ``command``.

``app.py`` lists the commands and imports a command's module only when it is used, so that no
command pays for the libraries of another. ``desk.py`` opens cases; ``failures.py`` says errors.
"""
