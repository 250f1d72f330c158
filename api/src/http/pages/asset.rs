//! The stylesheet, the scripts and the icon, embedded in the binary and served under names that carry their hash.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct AssetFiles;

struct Asset {
    path: String,
    media_type: &'static str,
    body: web::Bytes,
}

/// Every asset under its plain name.
static ASSETS: LazyLock<BTreeMap<String, Asset>> =
    LazyLock::new(|| {
        AssetFiles::iter()
            .filter_map(|name| {
                let file = AssetFiles::get(&name)?;
                let (stem, extension) = name.rsplit_once('.')?;
                let media_type = match extension {
                    "css" => "text/css; charset=utf-8",
                    "svg" => "image/svg+xml",
                    "js" => "text/javascript; charset=utf-8",
                    _ => return None,
                };
                let hash = file.metadata.sha256_hash().iter().take(6).fold(
                    String::new(),
                    |mut hash, byte| {
                        // Writing to a string cannot fail.
                        let _ = write!(hash, "{byte:02x}");
                        hash
                    },
                );
                let path = format!("/assets/{stem}-{hash}.{extension}");
                let body = match file.data {
                    Cow::Borrowed(bytes) => web::Bytes::from_static(bytes),
                    Cow::Owned(bytes) => web::Bytes::from(bytes),
                };
                Some((
                    name.into_owned(),
                    Asset {
                        path,
                        media_type,
                        body,
                    },
                ))
            })
            .collect()
    });

/// The address of an asset by its plain name; an unknown name gives an address that answers 404.
#[must_use]
pub fn path(name: &str) -> &'static str {
    ASSETS
        .get(name)
        .map_or("/assets/", |asset| asset.path.as_str())
}

/// One asset. Its name changes with its content, so whoever has it may keep it for a year.
async fn show_asset(path: web::Path<String>) -> HttpResponse {
    let wanted = format!("/assets/{path}");
    match ASSETS.values().find(|asset| asset.path == wanted) {
        Some(asset) => HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, asset.media_type))
            .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .body(asset.body.clone()),
        None => HttpResponse::NotFound().finish(),
    }
}

/// `/assets/{name}`.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/assets/{name}")
            .route(web::get().to(show_asset))
            .route(web::head().to(show_asset)),
    );
}

#[cfg(test)]
mod tests {
    use actix_web::{App, test};

    use super::*;

    #[test]
    async fn the_stylesheet_is_small_and_kept_for_a_year_under_its_hash() {
        let app = test::init_service(App::new().configure(configure)).await;
        let response = test::call_service(
            &app,
            test::TestRequest::get()
                .uri(path("klankbord.css"))
                .to_request(),
        )
        .await;
        assert_eq!(response.status(), 200);
        assert_eq!(
            response
                .headers()
                .get("cache-control")
                .map(header::HeaderValue::as_bytes),
            Some(&b"public, max-age=31536000, immutable"[..])
        );
        let body = test::read_body(response).await;
        assert!(body.len() < 13 * 1024, "{} bytes", body.len());
        assert!(
            !body.windows(4).any(|w| w == b"url("),
            "nothing is fetched from elsewhere"
        );

        let unknown = test::call_service(
            &app,
            test::TestRequest::get()
                .uri("/assets/klankbord.css")
                .to_request(),
        )
        .await;
        assert_eq!(unknown.status(), 404);
    }
}
