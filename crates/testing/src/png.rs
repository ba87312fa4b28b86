//! Parts of pictures.

/// A chunk of a PNG, with its length and its checksum.
///
/// # Panics
/// Where the payload is longer than a chunk can be.
pub fn png_chunk(name: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    let mut crc = u32::MAX;
    for byte in name.iter().chain(payload) {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    let length = u32::try_from(payload.len()).expect("a chunk is no longer than that").to_be_bytes();
    [&length, &name[..], payload, &(!crc).to_be_bytes()].concat()
}
