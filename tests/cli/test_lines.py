"""Events become the lines of the small script, word for word and in its order."""

import re
import string

import pytest

from desktop_sim.cli import catalogue
from desktop_sim.cli.lines import Lines
from desktop_sim.station import events as e
from desktop_sim.station.events import AnyEvent

EMOJI = re.compile(r"[^\w\s{`]*")
REMOTE_START = '[2,"unique-id-123","RemoteStartTransaction",{"connectorId":1,"idTag":"USER001"}]'


def lines(*happened: AnyEvent, speaker: Lines | None = None) -> list[str]:
    speaker = speaker or Lines()
    if not isinstance(happened[0], e.LinkEvent):
        speaker.of(e.LinkEvent(seq=0, time=0, state="down"))
    return [line for event in happened for line in speaker.of(event)]


def call_in(text: str, action: str) -> e.FrameEvent:
    return e.FrameEvent(seq=1, time=0, direction="in", type="call", text=text, action=action)


def meter(watts: float, context: str = "", amperes: float = 0.0) -> e.MeterEvent:
    return e.MeterEvent(
        seq=1,
        time=0,
        connector=1,
        context=context,
        milliwatts=round(watts * 1000),
        amperes=amperes,
        watts=watts,
        volts=230.0,
    )


STORY: list[AnyEvent] = [
    e.LinkEvent(seq=1, time=0, state="connecting", url="ws://localhost:9000/CP001"),
    e.StatusEvent(seq=2, time=0, connector=0, status="Available"),
    e.StatusEvent(seq=3, time=0, connector=1, status="Available"),
    e.LinkEvent(seq=4, time=0, state="up", url="ws://localhost:9000/CP001", subprotocol="ocpp1.6"),
    call_in(REMOTE_START, "RemoteStartTransaction"),
    e.AuthorizationEvent(seq=5, time=0, connector=1, what="remote", id_tag="USER001"),
    e.StatusEvent(seq=6, time=0, connector=1, status="Preparing"),
    e.TransactionEvent(
        seq=7,
        time=0,
        connector=1,
        what="started",
        local_id="1",
        id_tag="USER001",
        amperes=16.0,
        volts=230.0,
        watts=3680.0,
    ),
    meter(460.0, amperes=2.0),
    e.StatusEvent(seq=8, time=0, connector=1, status="Charging"),
    meter(3680.0, amperes=16.0),
    meter(3680.0, context="Transaction.Begin", amperes=16.0),
    e.MeterEvent(
        seq=9,
        time=0,
        connector=1,
        context="Sample.Periodic",
        milliwatts=3680000,
        energy_wh=10,
        amperes=16.23,
        watts=3732.9,
    ),
]


def test_the_story_of_the_small_script() -> None:
    assert lines(*STORY) == [
        "🔌 Connecting to Central System: ws://localhost:9000/CP001",
        "✅ Connected to Central System",
        "📊 Status changed: Available",
        "🚀 RemoteStartTransaction received for connector 1, idTag: USER001",
        "📊 Status changed: Preparing",
        "▶️ Transaction started: idTag USER001, meter 0Wh",
        "📊 Status changed: Charging",
        "🔋 Charging started: 16.0A @ 230.0V = 3680.0W",
        "⚡ Meter: 10Wh | Current: 16.23A | Power: 3732.90W",
    ]


@pytest.mark.parametrize("language", ["uz", "ru"])
def test_other_languages_keep_facts_and_order(language: catalogue.Language) -> None:
    told = lines(*STORY, speaker=Lines(language))
    assert [line[0] for line in told] == ["🔌", "✅", "📊", "🚀", "📊", "▶", "📊", "🔋", "⚡"]
    assert "USER001" in told[3]
    assert "16.0A @ 230.0V = 3680.0W" in told[7]
    assert told != lines(*STORY)


def test_the_end_of_power_is_told_once_and_no_step_before() -> None:
    told = lines(meter(3680), meter(7360), meter(0), meter(0), meter(1380))
    assert told == ["🪫 Charging stopped: 0Wh on the meter"]


def test_a_limit_is_told_when_it_changes() -> None:
    first = e.LimitEvent(seq=1, time=0, connector=1, limit_a=32.0, reason="cable")
    second = e.LimitEvent(seq=2, time=0, connector=1, limit_a=10.0, reason="profile 1")
    assert lines(first, first, second) == ["🎚️ Limit: 10.0A (profile 1)"]


def test_a_station_with_several_connectors_says_which() -> None:
    speaker = Lines(connectors=2)
    status = e.StatusEvent(
        seq=1, time=0, connector=2, status="Faulted", error_code="GroundFailure", info="wet"
    )
    assert lines(status, speaker=speaker) == ["📊 Status changed: Faulted (connector 2, GroundFailure, wet)"]


def test_a_status_reported_by_hand_is_marked() -> None:
    status = e.StatusEvent(seq=1, time=0, connector=1, status="Charging", by_hand=True)
    assert lines(status) == ["📊 Status changed: Charging (reported by hand)"]


def test_the_station_as_a_whole_is_mentioned_only_when_it_changes() -> None:
    down = e.StatusEvent(seq=1, time=0, connector=0, status="Unavailable")
    up = e.StatusEvent(seq=2, time=0, connector=0, status="Available")
    assert lines(up, down, down, up) == [
        "📊 Station status changed: Unavailable",
        "📊 Station status changed: Available",
    ]


def test_a_link_that_never_came_about_is_not_called_lost() -> None:
    down = e.LinkEvent(seq=1, time=0, state="down", reason="Nobody listens there.")
    up = e.LinkEvent(seq=2, time=0, state="up")
    assert lines(down, up, down) == [
        "❌ Not connected: Nobody listens there.",
        "✅ Connected to Central System",
        "🔌 Disconnected: Nobody listens there.",
    ]


@pytest.mark.parametrize(
    "frame, line",
    [
        (call_in('[2,"1","Reset",{"type":"Soft"}]', "Reset"), '📩 Reset received {"type":"Soft"}'),
        (call_in('[2,"1","ClearCache",{}]', "ClearCache"), "📩 ClearCache received"),
        (
            call_in('[2,"1","RemoteStopTransaction",{"transactionId":7}]', "RemoteStopTransaction"),
            "🛑 RemoteStopTransaction received for transaction 7",
        ),
        (
            call_in('[2,"1","RemoteStartTransaction",{"idTag":"A"}]', "RemoteStartTransaction"),
            "🚀 RemoteStartTransaction received, idTag: A",
        ),
        (
            e.FrameEvent(
                seq=1,
                time=0,
                direction="out",
                type="result",
                text='[3,"1",{"status":"Rejected"}]',
                action="Reset",
            ),
            "↩️ Reset answered: Rejected",
        ),
        (
            e.FrameEvent(
                seq=1,
                time=0,
                direction="in",
                type="error",
                text='[4,"1","GenericError","no",{}]',
                action="Authorize",
            ),
            "⚠️ Authorize was answered with an error: GenericError: no",
        ),
        (
            e.FrameEvent(seq=1, time=0, direction="in", type="invalid", text="{", verdict="Not JSON."),
            "⚠️ A frame that breaks the rules: Not JSON.",
        ),
    ],
)
def test_frames_that_deserve_a_line(frame: e.FrameEvent, line: str) -> None:
    assert lines(frame) == [line]


@pytest.mark.parametrize("text", ["", "[", "[2]", "7", '[2,"1","RemoteStartTransaction",5]'])
def test_a_frame_out_of_shape_does_no_harm(text: str) -> None:
    assert lines(call_in(text, "RemoteStartTransaction")) == [
        "🚀 RemoteStartTransaction received, idTag: None"
    ]


def test_agreement_and_routine_are_silent_unless_wanted() -> None:
    answer = e.FrameEvent(seq=1, time=0, direction="out", type="result", text='[3,"1",{"status":"Accepted"}]')
    beat = e.FrameEvent(
        seq=2, time=0, direction="out", type="call", text='[2,"2","Heartbeat",{}]', action="Heartbeat"
    )
    assert lines(answer, beat) == []
    assert lines(answer, beat, speaker=Lines(level="debug")) == [f"→ {answer.text}", f"→ {beat.text}"]


def test_the_log_level_holds() -> None:
    log = e.LogEvent(seq=1, time=0, level="info", text="A remark.")
    assert lines(log) == ["ℹ️ A remark."]
    assert lines(log, speaker=Lines(level="warning")) == []


EVERY_EVENT: list[AnyEvent] = [
    e.RegistrationEvent(seq=1, time=0, status="Accepted", interval=300),
    e.RegistrationEvent(seq=1, time=0, status="Pending", interval=30),
    *(
        e.TransactionEvent(seq=1, time=0, connector=1, what=what, local_id="a", id_tag="U", transaction_id=4)
        for what in ("started", "confirmed", "refused", "stopped", "dropped")
    ),
    *(
        e.AuthorizationEvent(seq=1, time=0, connector=1, what=what, id_tag="U", status="Blocked")
        for what in ("presented", "granted", "refused", "expired", "cancelled")
    ),
    e.ConfigurationEvent(
        seq=1, time=0, key="HeartbeatInterval", value="60", by="local", reboot_required=True
    ),
    e.JobEvent(seq=1, time=0, id="1", job="download", state="Downloading"),
    e.FaultEvent(seq=1, time=0, connector=1, what="GroundFailure", error_code="GroundFailure"),
    e.FaultEvent(seq=1, time=0, connector=1, what="GroundFailure", active=False, info="dry again"),
    e.LinkEvent(seq=1, time=0, state="offline"),
]


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
@pytest.mark.parametrize("event", EVERY_EVENT, ids=repr)
def test_every_event_has_a_line_in_every_language(event: AnyEvent, language: catalogue.Language) -> None:
    (line,) = lines(event, speaker=Lines(language))
    assert "{" not in line


@pytest.mark.parametrize("key", catalogue.keys())
def test_all_languages_fill_the_same_places_and_keep_the_emoji(key: str) -> None:
    english, *others = catalogue.variants(key)
    for other in others:
        assert _places(other) == _places(english)
        assert EMOJI.match(other)[0] == EMOJI.match(english)[0]  # type: ignore[index]


def _places(text: str) -> list[tuple[str | None, str | None]]:
    return sorted(
        (name or "", spec) for _, name, spec, _ in string.Formatter().parse(text) if name is not None
    )
