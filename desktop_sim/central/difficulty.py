"""A difficult central system on purpose: rules for how single requests are answered (F201)."""

from typing import Any, Literal

import msgspec


class AnswerRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How requests of one action (`*`: any) are answered instead of properly.

    answer: `normal`, `none` (silence), `error` (CALLERROR with `code`, `description`, `details`), `payload` (this
    payload, right or wrong), `text` (any text as the frame; `$ID` stands for the message id in JSON), `drop` (the
    connection is cut). `delay` (s) comes before any of them. `times` limits how often the rule is used.
    `charge_point` limits it to one identity. `processed` tells whether the request takes effect although its
    answer is not the proper one; after an `error` it never does.
    """

    action: str = "*"
    answer: Literal["normal", "none", "error", "payload", "text", "drop"] = "normal"
    delay: float = 0.0
    times: int | None = None
    charge_point: str = ""
    processed: bool = True
    code: str = "InternalError"
    description: str = ""
    details: dict[str, Any] = {}
    payload: Any = {}
    text: str = ""


def matches(rule: AnswerRule, identity: str, action: str) -> bool:
    """Whether the rule is about this request of this charge point."""
    return rule.action in ("*", action) and rule.charge_point in ("", identity) and rule.times != 0


def take_rule(rules: list[AnswerRule], identity: str, action: str) -> AnswerRule | None:
    """The first rule about this request, which is used once by it; None if the request is answered properly."""
    for index, rule in enumerate(rules):
        if matches(rule, identity, action):
            if rule.times is not None:
                rules[index] = msgspec.structs.replace(rule, times=rule.times - 1)
                if rule.times <= 1:
                    del rules[index]
            return rule
    return None
