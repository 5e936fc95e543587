"""States as people write them: a name, an official name, or a code, in any case of letters.

Case files hold codes only; names are a convenience for those who type.
"""

from __future__ import annotations

from typing import Any

import pycountry
from pycountry.db import Database

from engine.errors import InputProblems, Problem
from engine.facts.values import BadValue, state_code


def state_of(text: str, source: str) -> str:
    """The three-letter code of the State that ``text`` names; ``source`` says where it was given.

    Raises:
        InputProblems: no State is called so; with the nearest that is.
    """
    countries: Any = pycountry.countries
    assert isinstance(countries, Database)
    try:
        found: Any = countries.lookup(text.strip())
    except LookupError:
        found = None
    if found is not None:
        return str(found.alpha_3)
    try:
        return state_code(text.strip())
    except BadValue as error:
        said = str(error).replace(" code of three letters (ISO 3166)", "")
        raise InputProblems([Problem(said, source, echoes=(error.echo,))]) from None
