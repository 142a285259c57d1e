"""How calls of the central system are answered on purpose otherwise: not at all, late, with an error, with any payload.

The rules are misbehaviour, not state: a forced answer leaves the station as it is. They come from the profile, and
what was set since is a record.
"""

from collections.abc import Mapping

from desktop_sim.protocol.actions import ACTIONS
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.profile import AnswerRule

NORMAL = AnswerRule()


class AnswerRuleProblem(ValueError):
    """A rule that cannot be; the sentence says what can."""


def checked(action: str, rule: AnswerRule) -> str:
    """The action in canonical spelling, if the central system can send it and the rule is whole.

    Raises:
        AnswerRuleProblem: otherwise.
    """
    known = {name.lower(): name for name, entry in ACTIONS.items() if entry.from_central_system}
    name = known.get(action.strip().lower())
    if name is None:
        raise AnswerRuleProblem(f"A central system sends no {action}. It sends {', '.join(known.values())}.")
    if rule.answer == "forced" and rule.payload is None:
        raise AnswerRuleProblem("A forced answer needs a payload.")
    return name


class AnswerRules:
    """The rules of one station, by action."""

    def __init__(self, kernel: Kernel, profile: Mapping[str, AnswerRule]) -> None:
        self._kernel = kernel
        self._rules = {checked(action, rule): rule for action, rule in profile.items()}
        self._rules |= kernel.load_all("answer rule", AnswerRule)

    def of(self, action: str) -> AnswerRule:
        """The rule for an action; NORMAL without one."""
        return self._rules.get(action, NORMAL)

    def set(self, action: str, rule: AnswerRule) -> str:
        """Answer an action so from now on; returns its canonical name. Raises AnswerRuleProblem."""
        name = checked(action, rule)
        self._rules[name] = rule
        self._kernel.store("answer rule", name, rule)
        return name

    def all(self) -> dict[str, AnswerRule]:
        """Every rule that is not the normal one."""
        return {action: rule for action, rule in sorted(self._rules.items()) if rule != NORMAL}
