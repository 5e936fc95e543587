"""People of a workspace: who they are, how they prove it, and the sessions they work in.

``roles.py`` says what a role may do and ``persons.py`` who has one. A login such as ``centre/anna``
names its workspace by the short handle of ``handles.py``; within the workspace it is found by a
blind index, so that no index reaches across workspaces. ``signin.py`` checks password and code at
the speed that ``pace.py`` allows; ``passkeys.py``, ``oidc.py`` and ``links.py`` are the other ways
in. Each gives a ``SignIn``, which ``sessions.py`` turns into a session. Tokens are 256 random bits
of which a hash is kept. Each act is in the audit chain, by ids only.
"""
