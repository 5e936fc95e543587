"""Features that the papers on the service name, each with the test that comes in by its own entrance.

A new chapter of these papers needs a line here; a test that goes away takes its line with it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: By paper and chapter: what is promised, and where it is tried as its users meet it.
FEATURES: dict[str, dict[str, dict[str, str]]] = {
    "docs/service.md": {
        "People": {
            "add, link, list": "tests/api/cli/test_people_and_keys.py::test_a_workspace_gets_its_first_person_and_an_invitation_that_works",
            "people identity": "tests/api/cli/test_people_and_keys.py::test_whom_an_identity_provider_means_is_linked_listed_and_unlinked",
            "identity on the page": "tests/pages/test_account.py::test_a_link_to_the_identity_provider_of_somebody_who_can_sign_in_takes_two",
            "signing in there": "tests/people/test_oidc.py::test_links_are_made_listed_and_removed",
            "passwords": "tests/pages/test_account.py::test_a_password_is_set_by_invitation_and_signs_in",
            "code generator": "tests/pages/test_account.py::test_a_code_generator_counts_once_a_code_of_it_was_entered",
            "several workspaces": "tests/api/cli/test_people_and_keys.py::test_what_cannot_be_done_is_said_in_one_line",
        },
        "Programs": {
            "apikey": "tests/api/cli/test_people_and_keys.py::test_a_key_is_printed_once_works_and_is_revoked",
            "Idempotency-Key": "tests/api/http/test_matters.py::test_a_key_makes_an_act_happen_once",
            "reference": "tests/pages/test_account.py::test_the_reference_shows_every_operation",
            "generated client": "tests/service/test_client.py::test_a_tracker_follows_a_matter_from_its_facts_to_a_changed_outcome",
        },
        "On several nodes": {
            "processes": "tests/service/test_processes.py::test_a_process_that_is_killed_is_replaced_and_nothing_acknowledged_is_lost",
            "compose": "tests/house/test_deployment.py::test_nodes_share_one_database_and_reach_the_outside_only_through_tls",
        },
        "When much is asked at once": {
            "limits": "tests/service/test_limits.py::test_T23_a_key_and_its_workspace_have_limits_of_their_own",
            "turns": "tests/service/test_limits.py::test_T23_a_flood_in_one_workspace_leaves_another_its_answers",
        },
        "Settings": {
            "each of them": "tests/house/test_deployment.py::test_every_setting_is_documented_and_nothing_else",
        },
        "What is kept of an assessment": {
            "words": "tests/api/http/test_words.py::test_the_first_reader_gets_the_words_that_a_stateless_answer_has",
            "missing law": "tests/api/http/test_words.py::test_without_the_earlier_law_the_outcome_is_there_and_the_words_say_what_is_missing",
        },
        "Logs and metrics": {
            "log": "tests/service/test_secrecy.py::test_T13_no_canary_in_logs_metrics_refusals_or_webhooks",
            "metrics": "tests/service/test_processes.py::test_each_process_serves_its_metrics_on_a_port_of_its_own",
        },
    },
    "docs/operation.md": {
        "Backup": {
            "backup": "tests/safekeeping/test_backup_commands.py::test_T12_the_whole_way_by_command",
            "only keys": "tests/safekeeping/test_backup_commands.py::test_the_key_file_alone_is_replaced_after_an_erasure",
        },
        "Restore": {"restore": "tests/safekeeping/test_backup_commands.py::test_T12_the_whole_way_by_command"},
        "A full disk": {
            "reading, signing in, erasing": "tests/store/test_full_disk.py::test_M1_below_the_floor_one_reads_signs_in_and_erases_and_nothing_new_is_kept",
        },
        "Damaged rows": {
            "lists": "tests/pages/test_damaged_rows.py::test_M3_lists_show_what_is_whole_and_say_what_cannot_be_read",
        },
        "Key recovery": {
            "split and recover": "tests/safekeeping/test_kits.py::test_the_keys_are_lost_and_two_holders_bring_them_back",
            "check": "tests/safekeeping/test_kits.py::test_kits_of_before_a_rotation_fail_the_rehearsal",
        },
        "Key rotation": {
            "rotate": "tests/api/cli/test_rotation.py::test_a_rotation_leaves_one_master_key_and_all_can_be_read",
            "stopped midway": "tests/api/cli/test_rotation.py::test_whatever_stops_it_midway_all_can_be_read_and_the_next_one_finishes",
            "everything": "tests/api/cli/test_rotation.py::test_everything_gets_new_data_keys_too",
            "keys of a setting": "tests/api/cli/test_rotation.py::test_keys_of_a_setting_are_added_and_taken_out_by_the_operator",
        },
        "Retention": {"retention": "tests/safekeeping/test_retention.py::test_by_command"},
        "Export and import": {"export, import": "tests/safekeeping/test_export.py::test_by_command"},
        "Erasure": {
            "jobs and sessions": "tests/store/test_erasure_edges.py::test_jobs_that_hold_a_case_of_an_erased_matter_go_with_it",
            "interrupted restore": "tests/store/test_erasure_edges.py::test_what_an_interrupted_restore_left_is_swept_away",
            "tidy": "tests/api/cli/test_kept_small_and_filled_in.py::test_what_the_owner_of_postgresql_tidies_is_nothing_of_sqlite",
        },
        "Audit": {
            "archive": "tests/api/cli/test_kept_small_and_filled_in.py::test_a_young_chain_is_left_whole",
            "verify": "tests/safekeeping/test_audit_command.py::test_T10_an_export_verifies_offline_against_a_head_noted_elsewhere",
        },
        "A machine without a network": {
            "bundle": "tests/installation/test_bundle.py::test_it_installs_and_answers_without_network_and_compiler",
        },
        "Release": {
            "release": "tests/safekeeping/test_release.py::test_T30_a_second_build_elsewhere_and_later_is_the_same_to_the_byte",
        },
    },
    "docs/trackers.md": {
        "CSV out, results back": {"script": "tests/service/test_trackers.py::test_a_csv_export_comes_back_as_results"},
        "One request on save": {
            "script": "tests/service/test_trackers.py::test_an_outgoing_block_keeps_the_case_and_writes_the_answer_back"
        },
        "Polling": {"script": "tests/service/test_trackers.py::test_a_poll_tells_each_new_assessment_once"},
        "Where a case stands, and why": {
            "link": "tests/service/test_trackers.py::test_a_poll_tells_each_new_assessment_once"
        },
        "A client in Python": {
            "client": "tests/service/test_client.py::test_a_tracker_follows_a_matter_from_its_facts_to_a_changed_outcome"
        },
    },
    "docs/batch.md": {
        "What goes in": {"formats": "tests/bulk/test_batch.py::test_every_format_gives_what_single_cases_give"},
        "What comes out": {"Parquet": "tests/bulk/test_batch.py::test_parquet_results_hold_the_same"},
        "Rows that cannot be assessed": {
            "rejects": "tests/bulk/test_batch.py::test_bad_rows_are_refused_with_reasons_and_the_run_goes_on"
        },
        "After an interruption": {
            "killed": "tests/bulk/test_batch.py::test_a_killed_run_goes_on_without_losing_or_doubling_a_row"
        },
        "Cores and machines": {
            "scheduler": "tests/bulk/test_scheduler.py::test_a_worker_killed_in_mid_run_loses_and_doubles_nothing"
        },
    },
    "docs/pages.md": {
        "Desk": {
            "newest first": "tests/pages/test_desk.py::test_every_matter_is_on_one_page_of_the_desk_the_newest_first",
            "search": "tests/pages/test_desk.py::test_a_search_finds_the_oldest_and_goes_on_page_by_page",
        },
        "Nothing entered is lost": {
            "session ended": "tests/pages/test_nothing_is_lost.py::test_an_answer_sent_after_the_session_ended_comes_back_and_can_be_sent_again",
            "sent twice": "tests/pages/test_nothing_is_lost.py::test_a_form_that_adds_adds_once_however_often_it_is_sent",
        },
        "Interview": {"interview": "tests/pages/browser/test_lawyer.py::test_from_sign_in_to_the_memo"},
        "Verdict": {
            "verdict": "tests/pages/browser/test_verdict_rooms.py::test_from_the_board_to_the_proof_the_picture_and_the_memo"
        },
        "Law library": {
            "law": "tests/pages/browser/test_law.py::test_a_reader_finds_a_criterion_by_keyboard_and_goes_to_its_article_and_facts"
        },
        "Training room": {
            "training": "tests/pages/browser/test_training.py::test_two_phones_vote_and_the_projector_shows_it"
        },
        "On a phone": {"sizes": "tests/pages/browser/test_every_page.py::test_no_page_scrolls_sideways"},
    },
}


@pytest.mark.parametrize("paper", list(FEATURES))
def test_every_chapter_of_a_paper_has_its_features_here(paper: str) -> None:
    chapters = re.findall(r"^## (.+)$", (ROOT / paper).read_text("utf-8"), re.MULTILINE)
    assert list(FEATURES[paper]) == chapters


@pytest.mark.parametrize("paper", list(FEATURES))
def test_every_feature_has_a_test_that_is_there(paper: str) -> None:
    missing = []
    for chapter, features in FEATURES[paper].items():
        assert features, f"{chapter} has no feature"
        for where in features.values():
            file, _, name = where.partition("::")
            found = (ROOT / file).read_text("utf-8") if (ROOT / file).exists() else ""
            if not re.search(rf"^ *def {name}\(", found, re.MULTILINE):
                missing.append(where)
    assert missing == []
