//! A few customers of the demonstration merchant: the ERP lists them, and the hub has them to choose.

/// Somebody who buys.
#[derive(Clone, Copy, Debug)]
pub struct Customer {
    /// What `CustomerChanged` and the ERP's API call it.
    pub id: &'static str,
    /// What people call it.
    pub name: &'static str,
}

/// All of them.
#[must_use]
pub const fn customers() -> &'static [Customer] {
    &[
        Customer { id: "5e0c3a52-77f1-4c0c-9a55-1f6f0c6a0001", name: "Fahrrad Müller" },
        Customer { id: "5e0c3a52-77f1-4c0c-9a55-1f6f0c6a0002", name: "Zweirad Schmidt" },
        Customer { id: "5e0c3a52-77f1-4c0c-9a55-1f6f0c6a0003", name: "Jansen Cycling" },
    ]
}
