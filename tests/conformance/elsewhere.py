"""Requirements proven, wholly or in part, by tests of other folders: id → file::test."""

_T = "tests/transport"
_R = "tests/runtime"
_P = "tests/protocol"

ELSEWHERE: dict[str, tuple[str, ...]] = {
    "WS-1": (
        f"{_T}/test_endpoint.py::test_ws_1_the_identity_is_placed_and_encoded",
        f"{_T}/test_url.py::test_a_sound_address_is_kept",
    ),
    "WS-2": (f"{_T}/test_refusals.py::test_ws_2_the_offer_is_exact_and_in_order",),
    "WS-3": (
        f"{_T}/test_refusals.py::test_ws_3_the_server_agrees_to_nothing_and_we_close_with_1002",
        f"{_T}/test_refusals.py::test_ws_3_the_server_chooses_what_was_not_offered",
        f"{_T}/test_refusals.py::test_ws_3_a_forgotten_header_may_be_tolerated",
    ),
    "WS-4": (
        f"{_T}/test_refusals.py::test_ws_4_the_server_answers_with_a_status",
        f"{_T}/test_redirects.py::test_one_redirect_is_followed",
        f"{_T}/test_redirects.py::test_a_second_redirect_is_not_followed",
        f"{_R}/test_realtime.py::test_refusals_are_told_and_tried_again",
    ),
    "WS-5": (
        f"{_T}/test_backoff.py::test_ws_5_it_starts_at_three_seconds_and_doubles_up_to_the_cap",
        f"{_T}/test_backoff.py::test_ws_5_stations_spread",
        f"{_T}/test_backoff.py::test_ws_5_a_connection_that_lived_starts_anew",
    ),
    "WS-6": (
        f"{_T}/test_socket.py::test_ws_6_a_binary_message_leaves_the_link_open",
        f"{_T}/test_socket.py::test_ws_6_fragments_become_one_message",
        f"{_T}/test_socket.py::test_ws_6_text_that_is_not_utf_8_ends_the_link",
        f"{_T}/test_socket.py::test_ws_6_an_oversize_message_ends_the_link",
    ),
    "WS-7": (f"{_T}/test_socket.py::test_ws_7_compression_is_offered_on_demand_only",),
    "WS-9": (
        f"{_T}/test_socket.py::test_ws_9_our_goodbye_carries_code_and_reason",
        f"{_T}/test_socket.py::test_ws_9_closing_never_hangs",
        f"{_R}/test_realtime.py::test_frames_stay_with_their_connection",
    ),
    "WS-10": (
        f"{_T}/test_socket.py::test_ws_10_the_server_says_goodbye",
        f"{_R}/test_realtime.py::test_shutting_down_says_goodbye_and_can_be_said_twice",
    ),
    "WS-11": (f"{_T}/test_endpoint.py::test_ws_11_the_user_name_is_not_percent_encoded",),
    "WS-12": (f"{_T}/test_endpoint.py::test_ws_12_the_example_of_the_specification",),
    "WS-13": (
        f"{_T}/test_endpoint.py::test_ws_13_credentials_in_the_address_are_used",
        f"{_T}/test_url.py::test_ws_13_a_password_never_shows",
    ),
    "WS-14": (f"{_T}/test_endpoint.py::test_sec_pwd_4_what_the_key_stands_for",),
    "WS-15": (
        f"{_T}/test_url.py::test_a_sound_address_is_kept",
        f"{_T}/test_proxy.py::test_a_connection_through_a_proxy",
        f"{_T}/test_tls.py::test_sec_prof_4_another_host_name",
    ),
    "WS-20": (
        f"{_T}/test_pings.py::test_ws_20_pings_go_out_again_and_again",
        f"{_T}/test_pings.py::test_ws_20_no_pings_at_interval_zero",
        f"{_T}/test_pings.py::test_ws_20_a_missing_pong_cuts_the_link",
        f"{_T}/test_pings.py::test_ws_20_the_interval_changes_while_the_link_is_open",
        f"{_T}/test_socket.py::test_ws_20_we_always_answer_pings",
        f"{_R}/test_realtime.py::test_the_ping_interval_changes_while_it_runs",
    ),
    "FW-FT-1": (f"{_T}/files/test_transfers.py::test_sftp_fetches_and_sends",),
    "FW-FT-2": (f"{_T}/files/test_transfers.py::test_ftp_fetches_and_sends",),
    "FW-FT-3": (f"{_T}/files/test_transfers.py::test_ftp_fetches_and_sends",),
    "FW-FT-4": (f"{_T}/files/test_transfers.py::test_ftps_encrypts_and_checks",),
    "FW-FT-5": (f"{_T}/files/test_transfers.py::test_http_fetches_puts_and_posts",),
    "FW-FT-6": (f"{_T}/files/test_transfers.py::test_ftp_fetches_and_sends",),
    "FW-FT-7": (f"{_T}/files/test_transfers.py::test_http_fetches_puts_and_posts",),
}
