//! `dev.env`: what a client needs, as `NAME=value` lines. It is renamed into place before the platform says
//! that it is ready.

use super::data_folder::DataFolder;
use crate::failure::Failure;
use einlass_protocol::oauth::Generation;
use einlass_server::emulator::{Demonstration, DemonstrationPeople};

/// The file's name in the data folder.
pub(crate) const FILE: &str = "dev.env";

/// Writes the file. No value needs quoting in any shell.
pub(crate) fn write(
    folder: &DataFolder,
    url: &str,
    app_url: &str,
    demo: &Demonstration,
) -> Result<(), Failure> {
    let Demonstration {
        app,
        client_id,
        client_secret,
        public_client_id,
        tenant,
        other_tenant,
        admin_token,
        channel,
        people,
        ..
    } = demo;
    let (refresh_token, seller) = (channel.refresh_token.expose(), channel.seller_refresh_token.expose());
    let (client_secret, admin_token) = (client_secret.expose(), admin_token.expose());
    let DemonstrationPeople { merchant, partner, operator } = people;
    let content = format!(
        "EINLASS_URL={url}\n\
         CLIENT_ID={client_id}\n\
         CLIENT_SECRET={client_secret}\n\
         PUBLIC_CLIENT_ID={public_client_id}\n\
         JTL_APP_ID={app}\n\
         APP_URL={app_url}\n\
         TENANT_ID={tenant}\n\
         OTHER_TENANT_ID={other_tenant}\n\
         ADMIN_TOKEN={admin_token}\n\
         JTL_AUTH_BASE={url}\n\
         JTL_API_BASE={url}\n\
         JTL_ISSUER={issuer}\n\
         SCX_BASE={url}/v1\n\
         SCX_CHANNEL={channel}\n\
         SCX_REFRESH_TOKEN={refresh_token}\n\
         SCX_SELLER_REFRESH_TOKEN={seller}\n\
         ONPREM_BASE={url}/api/{database}\n\
         ONPREM_ADMIN_EMAIL={email}\n\
         ONPREM_ADMIN_PASSWORD={password}\n\
         MERCHANT_EMAIL={email}\n\
         MERCHANT_PASSWORD={password}\n\
         PARTNER_EMAIL={}\n\
         PARTNER_PASSWORD={}\n\
         OPERATOR_EMAIL={}\n\
         OPERATOR_PASSWORD={}\n",
        partner.email,
        partner.password.expose(),
        operator.email,
        operator.password.expose(),
        issuer = Generation::B.issuer(url),
        channel = channel.name,
        database = Demonstration::database(),
        email = merchant.email,
        password = merchant.password.expose(),
    );
    folder.write(FILE, content.as_bytes())
}
