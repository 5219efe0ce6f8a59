//! What security events are called.

use einlass_protocol::language::Language;

/// This event in this language; one that no page knows keeps its own name.
pub(super) fn action(language: Language, action: &str) -> &str {
    let (german, english) = match action {
        "sign in" => ("Anmeldung", "Sign-in"),
        "confirm identity" => ("Bestätigung mit Passwort", "Confirmation by password"),
        "claim first account" => ("Plattform eingerichtet", "Platform set up"),
        "ask for passkey" => ("Passwort richtig, Passkey gefragt", "Password right, passkey asked for"),
        "accept invitation" => ("Einladung angenommen", "Invitation accepted"),
        "recover account" => ("Neues Passwort über einen Link", "New password by a link"),
        "offer recovery" => ("Ein Admin ermöglicht ein neues Passwort", "An admin offers a new password"),
        "add passkey" => ("Passkey hinzugefügt", "Passkey added"),
        "remove passkey" => ("Passkey entfernt", "Passkey removed"),
        "change password" => ("Passwort geändert", "Password changed"),
        "grant" => ("App zugelassen", "App allowed"),
        "end grant" => ("App beendet", "App ended"),
        "end replayed grant" => {
            ("App beendet: ein Schlüssel kam zweimal", "App ended: something came twice that counts once")
        }
        "give back grant" => ("App handelt nicht mehr für Sie", "The app gave its access back"),
        "revoke person" => {
            ("Der Betreiber hat alle Sitzungen und Apps beendet", "The operator ended all sessions and apps")
        }
        "end session" => ("Sitzung beendet", "Session ended"),
        "end other sessions" => ("Andere Sitzungen beendet", "Other sessions ended"),
        "change role" => ("Rolle geändert", "Role changed"),
        "remove member" => ("Mitgliedschaft beendet", "Membership ended"),
        other => return other,
    };
    match language {
        Language::German => german,
        Language::English => english,
    }
}
