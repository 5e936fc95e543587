"""Straight-line Python generated from a program: one function for each block of its nodes.

Two readings of the same nodes: ``lanes`` with a true and a false plane for each node over many
cases, and ``one`` with a single number for each node of one case. The code holds integers only and
names nothing: it can index what it is given and join it by ``&`` and ``|``, no more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from types import CodeType, FunctionType
from typing import TypeGuard

from engine.facts.vocabulary import CASE
from engine.inference.program import Program

#: The code of all functions: over lanes, block by block, then of one case.
Codes = tuple[CodeType, ...]
#: The generated functions of one kind, in the order of the program's blocks.
Blocks = Sequence[Callable[..., None]]
_ARGUMENTS = {"lanes": ("T", "F", "P", "Q", "K", "L", "R"), "one": ("H", "P", "N", "D", "V")}


@dataclass(frozen=True)
class ProgramCode:
    """The functions of a program, of both kinds."""

    lanes: Blocks
    one: Blocks


def compiled(program: Program) -> Codes:
    """The code of all functions of a program."""
    whole = compile(source_of(program), "<program>", "exec")
    return tuple(part for part in whole.co_consts if isinstance(part, CodeType))


def fits(codes: object, program: Program) -> TypeGuard[Codes]:
    """Whether this can be the code of the program: as many functions, and none that names anything."""
    blocks = len(program.blocks())
    wanted = [arguments for arguments in _ARGUMENTS.values() for _ in range(blocks)]
    if not isinstance(codes, tuple) or len(codes) != len(wanted):
        return False
    return all(_harmless(code, arguments) for code, arguments in zip(codes, wanted, strict=True))


def _harmless(code: object, arguments: tuple[str, ...]) -> bool:
    return (
        isinstance(code, CodeType)
        and code.co_varnames == arguments
        and not (code.co_names or code.co_freevars or code.co_cellvars)
        and all(part is None or type(part) is int for part in code.co_consts)
    )


def functions(codes: Codes) -> ProgramCode:
    """The functions of all code; they see no builtins."""
    made = [FunctionType(code, {"__builtins__": {}}) for code in codes]
    half = len(made) // 2
    return ProgramCode(made[:half], made[half:])


def source_of(program: Program) -> str:
    """The text of all functions of a program."""
    parts = []
    for kind, line in (("lanes", _over_lanes), ("one", _of_one)):
        for number, (_, scope, members) in enumerate(program.blocks()):
            lines = [line(program, scope, index) for index in members if _is_joined(program, index)]
            head = f"def {kind}{number}({', '.join(_ARGUMENTS[kind])}):\n"
            parts.append(head + "".join(f"    {text}\n" for text in lines or ["pass"]))
    return "\n".join(parts)


def _is_joined(program: Program, index: int) -> bool:
    node = program.nodes[index]
    return node.op not in ("atom", "governed") and not node.part


def _over_lanes(program: Program, scope: str, index: int) -> str:
    """T, F are the case's planes, P, Q those of the place; K, L have where an atom is known strictly, R the lanes on the record."""
    node = program.nodes[index]
    true = partial(_name, program, "T", "P")
    false = partial(_name, program, "F", "Q")
    own_true, own_false = ("T", "F") if scope == CASE else ("P", "Q")
    if node.op == "not":
        return f"{own_true}[{index}] = {false(node.children[0])}; {own_false}[{index}] = {true(node.children[0])}"
    if node.op == "presumption":
        condition, *rebuttal = node.children
        against = "".join(f" & ~{true(each)}" for each in rebuttal)
        lost = "".join(f" | {true(each)}" for each in rebuttal)
        return (
            f"{own_true}[{index}] = R & {true(condition)}{against}; "
            f"{own_false}[{index}] = R & ~{own_true}[{index}] | {false(condition)}{lost}"
        )
    if node.op == "presumed":
        atom, *sources = node.children
        signed = {sign: true(source) for sign, source in zip(node.signs, sources, strict=True)}
        known, (yes, no) = _name(program, "K", "L", atom), (signed.get(True, "0"), signed.get(False, "0"))
        settled = f"({known} | ~({yes} | {no}))"
        return (
            f"{own_true}[{index}] = {true(atom)} & {settled} | {yes} & ~({no} | {known}); "
            f"{own_false}[{index}] = {false(atom)} & {settled} | {no} & ~({yes} | {known})"
        )
    ands, ors = (true, false) if node.op == "all" else (false, true)
    conjunction = " & ".join(ands(child) for child in node.children)
    disjunction = " | ".join(ors(child) for child in node.children)
    if node.op == "any":
        conjunction, disjunction = disjunction, conjunction
    return f"{own_true}[{index}] = {conjunction}; {own_false}[{index}] = {disjunction}"


def _of_one(program: Program, scope: str, index: int) -> str:
    """H are the case's numbers, P those of the place; N, D and V the tables of negation, presumption and what is presumed."""
    node = program.nodes[index]
    own = partial(_name, program, "H", "P")
    if node.op == "not":
        value = f"N[{own(node.children[0])}]"
    elif node.op == "presumption":
        condition, *rebuttal = [own(child) for child in node.children]
        value = f"D[{' | '.join([f'{condition} << 4', *rebuttal])}]"
    elif node.op == "presumed":
        atom, *sources = [own(child) for child in node.children]
        signed = [
            f"{each} >> 2 & 1" if sign else f"{each} >> 1 & 2" for sign, each in zip(node.signs, sources, strict=True)
        ]
        value = f"V[{' | '.join([f'{atom} << 2', *signed])}]"
    else:
        value = (" & " if node.op == "all" else " | ").join(own(child) for child in node.children)
    return f"{'H' if scope == CASE else 'P'}[{index}] = {value}"


def _name(program: Program, case: str, own: str, child: int) -> str:
    return f"{case if program.nodes[child].scope == CASE else own}[{child}]"
