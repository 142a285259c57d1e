"""Requirements proven, wholly or in part, by tests of other folders: id → file::test."""

ELSEWHERE: dict[str, tuple[str, ...]] = {}
