"""Requirements without a test here: id → why."""

NOT_APPLICABLE: dict[str, str] = {
    "CORE-AUTH-14": "there is no card: a tag is the text somebody types, sent as it is",
}
