//! What a tour shows: each exchange as it went over the wire, secrets masked.

use crate::failure::Failure;
use crate::output;
use reqwest::{Client, RequestBuilder};
use std::fmt::Write as _;

/// An answer, with its body as text.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: http::HeaderMap,
    pub(super) body: String,
}

impl Answer {
    /// A member of a JSON body, as text.
    pub(super) fn member(&self, name: &str) -> String {
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        match &body[name] {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Plays steps and prints them.
#[derive(Default)]
pub(super) struct Transcript {
    steps: usize,
    secrets: Vec<(String, &'static str)>,
}

impl Transcript {
    /// How many steps have been played.
    pub(super) fn steps(&self) -> usize {
        self.steps
    }

    /// From now on this text is shown as that name.
    pub(super) fn mask(&mut self, secret: impl Into<String>, name: &'static str) {
        self.secrets.push((secret.into(), name));
    }

    /// Announces a step.
    pub(super) fn step(&mut self, title: &str) -> Result<(), Failure> {
        self.steps += 1;
        output::print(&format!("\n{:>2}. {title}\n", self.steps))
    }

    /// Remarks on a step.
    pub(super) fn remark(&self, text: &str) -> Result<(), Failure> {
        output::print(&format!("    {}\n", self.masked(text)))
    }

    /// Sends a request and shows it and its answer.
    pub(super) async fn exchange(&self, client: &Client, request: RequestBuilder) -> Result<Answer, Failure> {
        let answer = self.send(client, request).await?;
        self.show(&answer)?;
        Ok(answer)
    }

    /// The same, when the answer brings a secret in this member of its body.
    pub(super) async fn exchange_for_secret(
        &mut self,
        client: &Client,
        request: RequestBuilder,
        member: &str,
        name: &'static str,
    ) -> Result<Answer, Failure> {
        let answer = self.send(client, request).await?;
        self.mask(answer.member(member), name);
        self.show(&answer)?;
        Ok(answer)
    }

    async fn send(&self, client: &Client, request: RequestBuilder) -> Result<Answer, Failure> {
        let request = request.build().map_err(failed)?;
        output::print(&self.masked(&shown(&request)))?;
        let response = client.execute(request).await.map_err(failed)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Answer { status, headers, body: response.text().await.map_err(failed)? })
    }

    fn show(&self, answer: &Answer) -> Result<(), Failure> {
        output::print(&self.masked(&format!("    < {} {}\n", answer.status, answer.body.trim_end())))
    }

    /// Holds a step to what it should be.
    pub(super) fn hold(&self, what: &str, holds: bool) -> Result<(), Failure> {
        if holds {
            return output::print(&format!("    ok: {what}\n"));
        }
        Err(Failure::Failed(format!("step {}: not so: {what}", self.steps)))
    }

    fn masked(&self, text: &str) -> String {
        let longest_first = {
            let mut secrets = self.secrets.clone();
            secrets.sort_by_key(|(secret, _)| std::cmp::Reverse(secret.len()));
            secrets
        };
        longest_first
            .iter()
            .fold(text.to_owned(), |text, (secret, name)| text.replace(secret, &format!("<{name}>")))
    }
}

fn shown(request: &reqwest::Request) -> String {
    let mut text = format!("    > {} {}\n", request.method(), request.url().path());
    for (name, value) in request.headers() {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "    >   {name}: {}", value.to_str().unwrap_or("?"));
    }
    if let Some(body) = request.body().and_then(reqwest::Body::as_bytes) {
        let _ = writeln!(text, "    >   {}", String::from_utf8_lossy(body));
    }
    text
}

fn failed(fault: reqwest::Error) -> Failure {
    Failure::Failed(fault.without_url().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_secret_is_masked_first() {
        let mut transcript = Transcript::default();
        transcript.mask("abc", "short");
        transcript.mask("abcdef", "long");
        assert_eq!(transcript.masked("abcdef abc"), "<long> <short>");
    }
}
