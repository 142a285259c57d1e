"""Requirements without a test here: id → why."""

NOT_APPLICABLE: dict[str, str] = {}
