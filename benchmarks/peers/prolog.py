"""SWI-Prolog: a predicate a node, asked in one process that stays; with and without the proof as a term.

``n12(C,t)`` says that node 12 holds in case C, ``n12(C,f)`` that it does not. Cases are sent before the clock
starts; then one line asks for all of them and one line says that they are done.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from benchmarks.base import Base, Step
from benchmarks.peers.peer import Missing, Peer, flat, paired
from engine.bulk.planes import Array

#: A node is asked for its holding first, then for its failing; with neither it is unknown.
DRIVER = """
:- dynamic case_/2.
:- initialization(main, main).
main :- repeat, read(Term), ( Term == end_of_file -> halt ; do(Term), flush_output, fail ).
do(add(N, C)) :- assertz(case_(N, C)).
do(clear) :- retractall(case_(_, _)).
do(run) :- forall(case_(_, C), decided(C, _)), writeln(done).
do(wait) :- writeln(done).
do(show) :- forall(case_(_, C), ( decided(C, Vs), writeln(Vs) )), writeln(done).
"""


class Process:
    """One Prolog process over a pipe."""

    def __init__(self, base: Base, *, proofs: bool) -> None:
        found = shutil.which("swipl")
        if found is None:
            raise Missing("SWI-Prolog is missing: apt-get install swi-prolog-nox")
        self.folder = tempfile.TemporaryDirectory(prefix="prolog")
        source = Path(self.folder.name) / "law.pl"
        source.write_text(program(base, proofs=proofs), encoding="ascii")
        self.process = subprocess.Popen(
            [found, "-O", "--stack-limit=4g", str(source)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def say(self, line: str) -> None:
        """A command."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + ".\n")

    def asked(self, command: str) -> list[str]:
        """The lines that a command is answered with."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.say(command)
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line == "done\n":
                return lines
            lines.append(line)
        raise RuntimeError("SWI-Prolog ended")

    def close(self) -> None:
        """End the process."""
        with self.process:  # closes its pipes; at the end of its input it halts
            pass
        self.folder.cleanup()


def plain(base: Base) -> Peer:
    """Values only."""
    return _peer(base, "SWI-Prolog", proofs=False)


def proving(base: Base) -> Peer:
    """Each value with its proof, a term that holds the proofs it rests on."""
    return _peer(base, "SWI-Prolog with proofs", proofs=True)


def _peer(base: Base, name: str, *, proofs: bool) -> Peer:
    process = Process(base, proofs=proofs)

    def ready(cases: Array) -> None:
        process.say("clear")
        for number, row in enumerate(flat(cases).tolist()):
            process.say(f"add({number},c({','.join(map(str, row))}))")
        process.asked("wait")

    def run(_: None) -> None:
        process.asked("run")

    def values(_: None) -> Array:
        return paired([[int(each) for each in line.strip()[1:-1].split(",")] for line in process.asked("show")])

    return Peer(name, ready, run, values, close=process.close)


def program(base: Base, *, proofs: bool) -> str:
    """The text of the program."""
    more = ",P" if proofs else ""
    lines = [":- style_check(-singleton).", DRIVER]
    for place, atom in enumerate(base.atoms, start=1):
        proof = f",p({atom},{{}})" if proofs else ""
        lines += [
            f"n{atom}(C,{kind}{proof.format(kind)}) :- arg({place},C,{value})." for kind, value in (("t", 1), ("f", -1))
        ]
    for step in base.steps:
        lines += _clauses(step, proofs=proofs)
    for node in base.nodes:
        lines.append(f"v{node}(C,V{more}) :- ( n{node}(C,t{more}) -> V=1 ; n{node}(C,f{more}) -> V=(-1) ; V=0 ).")
    asked = ", ".join(f"v{node}(C,V{node}{f',P{node}' if proofs else ''})" for node in base.nodes)
    lines.append(f"decided(C,[{','.join(f'V{node}' for node in base.nodes)}]) :- {asked}.")
    return "\n".join(lines) + "\n"


def _clauses(step: Step, *, proofs: bool) -> list[str]:
    """A conjunction is one clause, a disjunction one for each child; the first that succeeds is the proof.

    The cut keeps it: without, a conjunction that fails tries every other proof of what held, for minutes.
    """
    clauses = []
    if step.op == "closed":
        return _closed(step, proofs=proofs)
    for kind, other in (("t", "f"), ("f", "t")):
        told = other if step.op == "not" else kind
        bodies = [[child] for child in step.of]
        if (step.op == "all") == (kind == "t") and step.op != "not":
            bodies = [list(step.of)]
        for body in bodies:
            goals = ",".join(f"n{child}(C,{told}{f',P{child}' if proofs else ''})" for child in dict.fromkeys(body))
            held = ",".join(f"P{child}" for child in dict.fromkeys(body))
            head = f"n{step.number}(C,{kind}" + (f",p({step.number},{kind},[{held}])" if proofs else "")
            clauses.append(f"{head}) :- {goals},!.")
    return clauses


def _closed(step: Step, *, proofs: bool) -> list[str]:
    """What does not hold on the record fails there, and that it does not hold is all that its proof says."""
    node, record = step.of
    below, kept = (",P", ",p({},{},[P])") if proofs else ("", "")
    lacks = f",p({step.number},f,P)" if proofs else ""
    lacking, found = (f"n{node}(C,t,_)", "P=[]") if proofs else (f"n{node}(C,t)", "true")
    failed = f"n{node}(C,f,Q),P=[Q]" if proofs else f"n{node}(C,f)"
    on_record = f"n{record}(C,t,_)" if proofs else f"n{record}(C,t)"
    return [
        f"n{step.number}(C,t{kept.format(step.number, 't')}) :- n{node}(C,t{below}),!.",
        f"n{step.number}(C,f{lacks}) :- ( {on_record} -> \\+ {lacking},{found} ; {failed} ),!.",
    ]
