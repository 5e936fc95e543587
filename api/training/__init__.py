"""The training room: a case as a trace that a class walks through, step by step.

``making.py`` turns an assessment into a ``Lesson``; ``rewind.py`` finds where two lessons part; ``votes.py`` and
``exercise.py`` ask the class and mark what it says; ``sessions.py`` keeps all of it until the session ends.
"""
