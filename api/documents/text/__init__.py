"""Answers in words: one description of what is said, shown on a terminal, in a pipe or as Markdown.

``blocks.py`` holds the parts of a paper; ``verdict.py`` and its neighbours write papers;
``terminal.py`` and ``markdown.py`` render them. Text of a user is made inert when it is rendered.
"""
