//! A folder of objects that is not that of the database.

use model::Fault;

use crate::testing::{FIRST, NOW_MS, Shop};

#[tokio::test]
async fn a_folder_whose_files_no_row_names_is_not_swept() {
    let shop = Shop::open_on_disk();
    shop.call(FIRST, "PUT /photos", b"").await;
    shop.call(FIRST, "PUT /photos/cat", b"meow").await;
    let orphan = shop.files()[0].clone();
    shop.call(FIRST, "DELETE /photos/cat", b"").await;
    shop.objects.store.remove_unlinked_files(NOW_MS + 1).unwrap();
    let shop = shop.reopen();
    std::fs::write(&orphan, "of another database").unwrap();
    assert_eq!(shop.objects.sweep(std::time::Duration::ZERO), Ok(0));
    assert_eq!(shop.files(), [orphan]);
}

#[tokio::test]
async fn a_server_without_the_files_of_the_others_refuses() {
    let shop = Shop::open_on_disk();
    shop.call(FIRST, "PUT /photos", b"").await;
    shop.call(FIRST, "PUT /photos/cat", b"meow").await;
    let file = shop.files()[0].clone();
    let shop = shop.reopen();
    let away = file.with_extension("away");
    std::fs::rename(&file, &away).unwrap();
    assert_eq!(shop.call(FIRST, "GET /photos", b"").await.status, 503);
    assert!(matches!(shop.objects.require_shared_folder(), Err(Fault::Unavailable(_))));
    std::fs::rename(&away, &file).unwrap();
    assert_eq!(shop.call(FIRST, "GET /photos", b"").await.status, 200);
}
