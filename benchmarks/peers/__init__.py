"""The engines compared, each given the same rule base and the same cases atom by atom.

What a peer needs before it can begin, and the reading of what it answers, is left out of its time: only
``run`` is timed. So the times are the most favourable to the peer.
"""
