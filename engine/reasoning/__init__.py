"""Why a status holds and what would change it: proofs, what is missing, outcome, flips, questions, clocks."""
