//! `/api/v1/admin/invites/`.

use charla_protocol::{ErrorCode, invites::CreateInvite};
use charla_testing::{TestServer, on_each_database};

use crate::support::{refusal, staff};

on_each_database! {
    async fn staff_invites_onto_the_server(server: TestServer) {
        let root = staff(&server).await;
        let (ana, _) = server.person("ana").await;
        let any = CreateInvite { max_uses: Some(7), expires_at: None };
        let forbidden = (403, ErrorCode::Forbidden);
        assert_eq!(refusal(ana.create_server_invite(&any).await), forbidden);
        assert_eq!(refusal(ana.server_invites().await), forbidden);
        let invite = root.create_server_invite(&any).await.unwrap();
        assert_eq!(invite.url, format!("{}/sign-up?invite={}", server.app.config.public_url, invite.code));
        assert_eq!(refusal(ana.withdraw_server_invite(&invite.code).await), forbidden);
        // It leads into no room.
        let invalid = (404, ErrorCode::InviteInvalid);
        assert_eq!(refusal(ana.accept_invite(&invite.code).await), invalid);
        assert_eq!(refusal(ana.invite_preview(&invite.code).await), invalid);
        assert_eq!(root.server_invites().await.unwrap().results.as_slice(), std::slice::from_ref(&invite));
        root.withdraw_server_invite(&invite.code).await.unwrap();
        assert!(root.server_invites().await.unwrap().results.is_empty());
        assert_eq!(refusal(root.withdraw_server_invite(&invite.code).await), invalid);
    }
}
