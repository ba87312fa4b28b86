//! What a file says beside what is seen of it does not reach others.

use charla_client::Client;
use charla_testing::{DatabaseKind, TestServer};
use image::{DynamicImage, GenericImageView, ImageFormat};

use super::support::{
    boxed, contains, exif, film, get, picture, transparent, with_chunk, with_exif, with_segment,
};

async fn server() -> (TestServer, Client) {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    (server, ana)
}

async fn seen(client: &Client, url: &str) -> DynamicImage {
    image::load_from_memory(&get(client, url).await.body).unwrap()
}

#[tokio::test]
async fn pictures_keep_their_pixels_and_nothing_else() {
    let (_server, ana) = server().await;
    let jpeg = picture(ImageFormat::Jpeg, 30, 20);
    let png = picture(ImageFormat::Png, 30, 20);
    let gif = picture(ImageFormat::Gif, 30, 20);
    let webp = picture(ImageFormat::WebP, 30, 20);
    let gif_end = gif.len() - 1;
    let commented = [&gif[..gif_end], b"\x21\xfe\x05PLACE\0", &gif[gif_end..], b"PLACE"].concat();
    let webp_exif = {
        let body = [&webp[8..], b"EXIF\x05\0\0\0PLACE\0XMP \x05\0\0\0PLACE\0"].concat();
        [b"RIFF", &u32::try_from(body.len()).unwrap().to_le_bytes()[..], &body, b"PLACE"].concat()
    };
    for (what, bytes, plain) in [
        ("EXIF", with_exif(&jpeg, 1), &jpeg),
        ("XMP", with_segment(&jpeg, 0xE1, b"http://ns.adobe.com/xap/1.0/\0PLACE"), &jpeg),
        ("IPTC", with_segment(&jpeg, 0xED, b"Photoshop 3.0\0PLACE"), &jpeg),
        ("a comment", with_segment(&jpeg, 0xFE, b"PLACE"), &jpeg),
        ("a film behind it", [&jpeg[..], &film()].concat(), &jpeg),
        ("PNG text", with_chunk(&png, b"tEXt", b"GPS\0PLACE"), &png),
        ("PNG EXIF", with_chunk(&png, b"eXIf", &exif(1)), &png),
        ("behind a PNG", [&png[..], b"PLACE"].concat(), &png),
        ("a GIF's comment", commented, &gif),
        ("WebP", webp_exif, &webp),
    ] {
        assert!(contains(&bytes, "PLACE"), "{what}");
        let file = ana.upload("a", bytes).await.unwrap();
        let kept = get(&ana, &file.url).await.body;
        assert!(!contains(&kept, "PLACE"), "{what}");
        assert_eq!(file.size, kept.len() as u64, "{what}");
        let [kept, plain] =
            [&kept[..], plain].map(|bytes| image::load_from_memory(bytes).unwrap().to_rgba8());
        assert!(kept == plain, "{what}: other pixels");
        assert_eq!((file.width, file.height), (Some(30), Some(20)), "{what}");
    }
}

#[tokio::test]
async fn pictures_are_turned_the_right_way_up() {
    let (_server, ana) = server().await;
    let exif_png = with_chunk(&picture(ImageFormat::Png, 400, 200), b"eXIf", &exif(6));
    for turned in [with_exif(&picture(ImageFormat::Jpeg, 400, 200), 6), exif_png] {
        let file = ana.upload("a", turned).await.unwrap();
        assert_eq!((file.width, file.height), (Some(200), Some(400)));
        for url in [&file.url, file.thumbnail_url.as_ref().unwrap()] {
            let image = seen(&ana, url).await;
            let (width, height) = image.dimensions();
            assert!(height == 2 * width, "{url}: {width} × {height}");
            assert!(image.get_pixel(width / 2, 5).0[0] > 200, "{url}: red on top");
            assert!(!contains(&get(&ana, url).await.body, "PLACE"));
        }
    }
}

#[tokio::test]
async fn pictures_have_smaller_copies() {
    let (_server, ana) = server().await;
    let file = ana.upload("a.png", picture(ImageFormat::Png, 3000, 30)).await.unwrap();
    let copy = async |size: &str| {
        let answer = get(&ana, &format!("{}?size={size}", file.url)).await;
        let dimensions = image::load_from_memory(&answer.body).unwrap().dimensions();
        (
            dimensions,
            answer.header("content-type").unwrap().to_owned(),
            answer.header("etag").unwrap().to_owned(),
        )
    };
    let (small, large) = (copy("small").await, copy("large").await);
    assert_eq!((small.0, small.1.as_str()), ((320, 3), "image/jpeg"));
    assert_eq!((large.0, large.1.as_str()), ((1280, 12), "image/jpeg"));
    assert_ne!(small.2, large.2);
    assert_eq!(get(&ana, &format!("{}?size=huge", file.url)).await.status, 400);
    assert!(file.thumbhash.unwrap().len() > 10);
    let tiny = ana.upload("a.png", transparent(3, 5)).await.unwrap();
    assert_eq!(seen(&ana, &tiny.thumbnail_url.unwrap()).await.dimensions(), (3, 5), "itself");
    let glass = ana.upload("a.png", transparent(900, 300)).await.unwrap();
    let answer = get(&ana, &glass.thumbnail_url.unwrap()).await;
    assert_eq!(answer.header("content-type"), Some("image/webp"));
    let pixel = image::load_from_memory(&answer.body).unwrap().get_pixel(9, 9).0;
    assert!((90..110).contains(&pixel[3]), "{pixel:?}");
}

#[tokio::test]
async fn films_say_how_long_they_are_and_not_where() {
    let (_server, ana) = server().await;
    let before = film();
    assert!(contains(&before, "PLACE"));
    let file = ana.upload("a.mp4", before.clone()).await.unwrap();
    assert_eq!((file.content_type.as_str(), file.duration), ("video/mp4", Some(2.0)));
    let after = get(&ana, &file.url).await.body;
    assert!(!contains(&after, "PLACE") && contains(&after, "film"));
    assert_eq!(after.len(), before.len(), "nothing in it has moved");
}

/// A track of places beside that of pictures: its bytes go, and no others.
#[tokio::test]
async fn tracks_of_places_go() {
    let (_server, ana) = server().await;
    let full = |kind: &[u8; 4], numbers: &[u32]| {
        let numbers: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
        boxed(kind, &[&[0; 4][..], &numbers].concat())
    };
    let track = |handler: &[u8; 4], offset: u32| {
        let tables =
            [full(b"stsc", &[1, 1, 2, 1]), full(b"stsz", &[0, 2, 2, 3]), full(b"stco", &[1, offset])];
        let handler = boxed(b"hdlr", &[&[0; 8][..], handler, &[0; 12]].concat());
        let information = boxed(b"minf", &boxed(b"stbl", &tables.concat()));
        boxed(b"trak", &boxed(b"mdia", &[handler, information].concat()))
    };
    let start = 24;
    let film = [
        boxed(b"ftyp", b"isom\0\0\0\0"),
        boxed(b"mdat", b"videoPLACEaudio"),
        boxed(b"moov", &[track(b"vide", start), track(b"meta", start + 5)].concat()),
    ]
    .concat();
    assert_eq!(&film[start as usize..start as usize + 5], b"video");
    let file = ana.upload("a.mp4", film).await.unwrap();
    let kept = get(&ana, &file.url).await.body;
    assert!(contains(&kept, "video\0\0\0\0\0audio"), "{}", String::from_utf8_lossy(&kept));
    assert_eq!(kept.windows(4).filter(|kind| kind == b"trak").count(), 1);
}

/// The picture is one item of the file, EXIF another.
#[tokio::test]
async fn heic_and_avif_lose_their_exif() {
    let (_server, ana) = server().await;
    let item =
        |id: u8, kind: &[u8; 4]| boxed(b"infe", &[&[2, 0, 0, 0, 0, id, 0, 0][..], kind, b"\0"].concat());
    let items = boxed(b"iinf", &[&[0, 0, 0, 0, 0, 2][..], &item(1, b"av01"), &item(2, b"Exif")].concat());
    let handler = boxed(b"hdlr", &[&[0; 8][..], b"pict", &[0; 12]].concat());
    let whole = |at: u8| {
        let place = |id: u8, at: u8, length: u8| vec![0, id, 0, 0, 0, 1, 0, 0, 0, at, 0, 0, 0, length];
        let places = [&[0, 0, 0, 0, 0x44, 0, 0, 2][..], &place(1, at, 5), &place(2, at + 5, 5)].concat();
        let meta = [&[0; 4][..], &handler, &boxed(b"iloc", &places), &items].concat();
        [boxed(b"ftyp", b"avif\0\0\0\0"), boxed(b"meta", &meta), boxed(b"mdat", b"pixelPLACE")].concat()
    };
    let at = u8::try_from(whole(0).len() - 10).unwrap();
    let file = ana.upload("a.avif", whole(at)).await.unwrap();
    assert_eq!(file.content_type, "image/avif");
    let kept = get(&ana, &file.url).await;
    assert!(contains(&kept.body, "pixel\0\0\0\0\0"));
    assert!(kept.header("content-disposition").unwrap().starts_with("attachment"));
}

#[tokio::test]
async fn tiffs_lose_their_places() {
    let (_server, ana) = server().await;
    let entry = |tag: u16, kind: u8, count: u8, value: u8| {
        [&tag.to_be_bytes()[..], &[0, kind, 0, 0, 0, count, 0, 0, 0, value]].concat()
    };
    // Head, a directory with three entries, one of places with one, and what they lead to.
    let tiff = [
        b"MM\0*\0\0\0\x08\0\x03",
        &entry(0x0100, 4, 1, 7)[..],
        &entry(0x02BC, 1, 5, 68),
        &entry(0x8825, 4, 1, 50),
        &[0; 4],
        &[0, 1],
        &entry(0x0002, 2, 5, 73),
        &[0; 4],
        b"PLACEPLACE",
    ]
    .concat();
    let file = ana.upload("a.tif", tiff.clone()).await.unwrap();
    assert_eq!(file.content_type, "image/tiff");
    let kept = get(&ana, &file.url).await.body;
    assert!(!contains(&kept, "PLACE"), "{kept:?}");
    assert_eq!((kept.len(), &kept[..22]), (tiff.len(), &tiff[..22]));
}

#[tokio::test]
async fn recordings_say_how_long_they_are() {
    let (_server, ana) = server().await;
    let seconds = 3_u32;
    let data = vec![0; (8000 * seconds) as usize];
    let length = u32::try_from(data.len()).unwrap();
    let wav = [
        b"RIFF",
        &(length + 36).to_le_bytes()[..],
        b"WAVEfmt \x10\0\0\0\x01\0\x01\0",
        &8000_u32.to_le_bytes(),
        &8000_u32.to_le_bytes(),
        b"\x01\0\x08\0data",
        &length.to_le_bytes(),
        &data,
    ]
    .concat();
    let file = ana.upload("a.wav", wav).await.unwrap();
    assert_eq!((file.content_type.as_str(), file.duration), ("audio/wav", Some(3.0)));
    assert!(get(&ana, &file.url).await.header("content-disposition").unwrap().starts_with("inline"));
}

/// Colours stay what they were meant to be.
#[tokio::test]
async fn a_profile_of_colours_stays() {
    let (_server, ana) = server().await;
    let mut profile = [0; 200];
    profile[16..20].copy_from_slice(b"RGB ");
    profile[100..107].copy_from_slice(b"PROFILE");
    let segment = [b"ICC_PROFILE\0\x01\x01", &profile[..]].concat();
    let jpeg = with_segment(&picture(ImageFormat::Jpeg, 900, 300), 0xE2, &segment);
    for jpeg in [jpeg.clone(), with_exif(&jpeg, 3)] {
        let file = ana.upload("a.jpg", jpeg).await.unwrap();
        for url in [&file.url, file.thumbnail_url.as_ref().unwrap()] {
            assert!(contains(&get(&ana, url).await.body, "PROFILE"), "{url}");
        }
    }
}
