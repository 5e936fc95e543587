"""Worker processes: the full assessment runs apart from the server, because its C library may crash.

``pool`` takes a case and gives an answer. ``keeper`` starts, replaces and ends the
processes, ``turns`` says who gets a free one, ``worker`` is one of them seen from the server, ``child``
is what runs inside of it, and ``messages`` is what they say to each other.
"""
