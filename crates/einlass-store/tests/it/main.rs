//! What the store promises, proven on both engines by the same cases.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

mod backup;
mod conformance;
mod engines;
mod many;
mod many_events;
mod many_listings;
mod news;
mod opening;
mod origins_before;
mod sqlite_durability;
mod usage_before;

/// Runs each case once on `SQLite` and once on PostgreSQL.
macro_rules! on_both_engines {
    ($($area:ident: $($case:ident),+;)+) => {
        on_both_engines!(@engine sqlite $($area: $($case),+;)+);
        on_both_engines!(@engine postgres $($area: $($case),+;)+);
    };
    (@engine $engine:ident $($area:ident: $($case:ident),+;)+) => {
        mod $engine {
            $(mod $area {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $case() {
                    let engine = crate::engines::$engine().await;
                    crate::conformance::$area::$case(&engine.store).await;
                })+
            })+
        }
    };
}

on_both_engines! {
    apps:
        an_app_and_its_client_are_recorded_together,
        a_taken_client_id_leaves_no_app_behind,
        a_taken_technical_name_is_told_apart_from_a_taken_id,
        a_taken_secret_id_leaves_neither_app_nor_client_behind,
        an_app_is_recorded_with_what_it_says_of_itself_or_not_at_all,
        an_app_needs_its_organisation,
        apps_are_found_by_a_part_of_a_name,
        what_an_app_asks_for_can_change;
    tenants:
        a_tenant_reads_back,
        a_tenant_and_its_new_organisation_are_recorded_together,
        slug_and_account_number_are_unique;
    secrets:
        a_client_is_found_with_the_secrets_that_work,
        a_client_without_secrets_is_found,
        a_secret_is_revoked_once,
        an_unknown_client_is_not_found;
    installations:
        a_consent_opens_and_lapses_after_a_day,
        setup_makes_it_last,
        setup_cannot_complete_what_lapsed_or_was_removed,
        a_new_consent_after_removal_starts_again,
        a_new_consent_while_active_changes_the_scopes_alone,
        an_administrator_installs_without_a_setup,
        more_is_granted_only_to_what_is_there;
    listings:
        a_manifest_changes_what_an_app_is_called_and_asks_for,
        an_app_is_found_by_its_maker_and_when_published_by_everybody,
        apps_are_listed_by_who_finds_them,
        what_is_at_a_tenant_says_of_itself_what_it_said;
    pages:
        organisations_and_tenants_are_listed_by_id,
        organisations_are_listed_by_name_and_found_by_a_part,
        apps_and_their_clients_are_listed_by_id,
        a_clients_secrets_are_listed_with_what_became_of_them,
        installations_are_listed_from_both_sides_while_they_are_open,
        admin_tokens_are_listed_and_revoked_once;
    signing_keys:
        keys_read_back_newest_first,
        several_keys_are_claimed_together,
        the_announced_key_succeeds_a_distrusted_one_at_once,
        distrusting_a_key_that_does_not_sign_hurries_no_other,
        a_key_and_its_successor_change_together,
        a_key_is_forgotten_whole;
    audit:
        events_read_back_newest_first_page_by_page,
        every_filter_narrows_and_all_narrow_together,
        any_filters_go_together,
        what_failed_or_changed_nothing_leaves_no_event,
        what_cannot_be_written_down_is_not_done;
    changes:
        changes_are_numbered_without_gaps_and_read_in_pieces,
        what_changed_nothing_is_no_change,
        a_failed_change_leaves_no_number_behind,
        old_changes_are_forgotten_and_their_numbers_are_not_used_again;
    revocations:
        a_credential_ends_alone,
        a_client_or_an_app_ends_with_all_its_secrets,
        an_app_that_is_shut_out_can_do_nothing_until_it_is_let_in_again,
        an_installation_ends_and_its_app_goes_on,
        a_tenant_keeps_what_it_has_installed,
        who_knows_the_rest_reads_only_what_is_new,
        of_two_moments_the_later_one_holds,
        what_denies_nothing_any_more_is_forgotten;
    usage:
        counts_add_up_and_are_summed_by_whatever_is_asked_for,
        of_sums_the_busiest_come_first_and_what_was_counted_together_is_one,
        a_scope_is_used_when_a_call_that_needed_it_was_served,
        old_usage_is_forgotten,
        a_batch_may_be_large;
    usage_days:
        days_add_up_for_everybody_an_app_an_installation_and_a_credential,
        calls_of_several_are_summed,
        the_busiest_apps_come_first,
        a_scope_was_used_when_it_was_last_served,
        days_that_are_over_and_scopes_are_forgotten_with_the_rest,
        of_many_nodes_each_adds_to_the_day;
    totals:
        everything_is_counted_while_it_is_there,
        on_premise_apps_count_while_their_keys_work,
        where_an_app_may_act_is_counted;
    admin_tokens:
        a_token_is_found_by_hash_id_and_name_and_says_until_when_it_works,
        a_name_is_free_again_when_its_token_has_ended,
        a_code_counts_while_nobody_else_has_full_access,
        a_claim_for_a_taken_name_leaves_the_code,
        a_code_makes_an_account_that_administers_and_counts_no_more;
    channels:
        channels_read_back_by_name_and_have_one_each,
        an_organisations_channels_are_listed_by_name,
        a_refresh_token_works_until_it_expires_or_is_ended,
        a_refresh_token_says_whose_it_is_and_when_it_was_used,
        a_channel_that_is_shut_out_exchanges_nothing_until_it_is_let_in_again,
        a_pin_is_worth_one_refresh_token_and_the_newest_counts,
        a_session_is_read_often_and_used_once_by_its_own_channel,
        a_taken_seller_id_leaves_the_session,
        an_update_changes_its_own_seller_once,
        an_unlinked_seller_is_gone_and_the_channel_is_told;
    passkeys:
        a_passkey_is_one_persons,
        a_question_is_answered_in_time_and_for_what_it_was_asked,
        of_many_answers_to_one_question_one_counts,
        a_new_passkey_ends_sessions_that_began_without_it,
        of_many_questions_the_last_few_count,
        of_many_who_add_passkeys_at_once_so_many_do;
    people:
        an_address_is_one_account,
        a_session_is_found_until_it_ends_or_lies_idle,
        a_new_session_takes_the_place_of_what_the_browser_held,
        sessions_are_ended_by_their_own_person_alone,
        an_invitation_makes_account_and_membership_once,
        a_recovery_changes_the_password_and_ends_every_session,
        a_link_ends_with_what_it_was_made_by,
        a_link_counts_while_its_maker_may_make_it,
        a_person_has_so_many_sessions_and_the_oldest_gives_way,
        everybody_is_listed_by_address_and_found_by_a_part,
        of_many_uses_of_one_invitation_one_joins;
    members:
        where_there_is_no_admin_anybody_may_be_removed,
        an_organisation_keeps_an_admin,
        members_are_listed_by_address_and_found_by_a_part,
        of_two_admins_who_remove_each_other_one_stays;
    surfaces:
        a_code_becomes_a_session_of_its_client_alone,
        a_replayed_code_ends_what_came_of_it,
        a_code_counts_once_whatever_comes_of_it,
        a_surface_closes_with_the_session_behind_it,
        a_session_has_one_surface_of_a_kind_and_few_codes,
        of_many_uses_of_one_code_at_most_one_counts;
    redirects:
        a_public_client_signs_people_in,
        addresses_are_kept_letter_by_letter_and_in_their_order,
        of_many_changes_one_holds_whole;
    origins:
        an_apps_pages_and_where_people_come_back_to_are_registered,
        an_origin_counts_while_somebody_has_it,
        what_moved_is_told_and_nothing_else,
        of_many_changes_one_holds_whole;
    grant_ends:
        all_that_a_person_granted_ends_with_what_it_rested_on,
        a_grant_ends_with_its_client_and_its_app;
    grants:
        a_code_becomes_what_was_granted,
        a_code_counts_once_whatever_comes_of_it,
        a_replayed_code_ends_its_grant,
        a_refresh_token_is_followed_by_one,
        a_spent_token_ends_its_grant,
        a_refresh_token_is_its_clients_and_expires,
        grants_that_work_are_listed_newest_first_and_ended_by_their_person,
        a_grant_is_found_by_what_its_client_brings,
        a_person_has_so_many_grants_of_a_client_and_the_oldest_gives_way,
        what_expired_or_ended_is_forgotten;
    grant_races:
        of_many_refreshes_of_one_token_all_get_one_successor,
        of_many_late_refreshes_one_ends_the_grant,
        of_many_uses_of_one_code_at_most_one_counts,
        a_grant_ends_while_it_is_refreshed,
        grants_end_while_many_are_refreshed_and_forgotten,
        what_is_granted_while_a_password_changes_ends_with_it;
    onprem:
        a_registration_goes_its_way_once,
        what_nobody_decides_or_fetches_goes_away,
        of_many_polls_one_gets_the_key,
        of_many_registrations_of_one_app_one_is_made,
        of_a_poll_and_a_revocation_none_leaves_a_key_that_works,
        a_revoked_app_ends_with_its_instances;
    races:
        of_many_nodes_one_makes_the_first_signing_key,
        of_many_apps_with_one_name_one_is_registered,
        each_of_many_tenants_gets_an_account_number_of_its_own,
        of_many_claims_of_the_first_operator_one_succeeds,
        of_many_codes_one_is_claimed_while_its_token_works,
        of_many_claims_for_an_account_or_a_token_one_succeeds,
        of_many_admin_tokens_with_one_name_one_is_made,
        a_removal_is_never_undone_by_a_late_setup,
        a_secret_is_revoked_by_exactly_one_of_many,
        a_distrusted_key_has_a_successor_whoever_else_announces_one,
        who_sees_a_change_has_seen_all_before_it,
        of_many_revocations_of_one_subject_the_latest_holds,
        what_many_nodes_count_is_counted_whole,
        secrets_end_while_their_uses_are_noted,
        of_many_uses_of_one_sign_up_one_links,
        of_many_uses_of_one_update_one_counts,
        of_many_sign_ups_under_one_id_one_links,
        of_many_uses_of_one_pin_one_gets_a_token;
}
