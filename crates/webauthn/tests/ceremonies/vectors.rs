//! Test vectors of the standard: Web Authentication Level 3 §16.2 to §16.4, whose ceremonies are those of Level 2.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use webauthn::{Credential, Refusal, Registrant, RelyingParty, UserHandle};

struct Vector {
    credential_id: &'static str,
    challenge: &'static str,
    client_data: &'static str,
    attestation_object: &'static str,
}

/// §16.2 ES256 credential with no attestation.
const NONE: Vector = Vector {
    credential_id: "f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4",
    challenge: "00c30fb78531c464d2b6771dab8d7b603c01162f2fa486bea70f283ae556e130",
    client_data: "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a22414d4d507434557878475453\
        746e63647134313759447742466938767049612d7077386f4f755657345441222c226f726967696e223a2268747470733a2f2f6578616d706c\
        652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d61\
        7920626520657874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820\
        617320746869733a20426b5165446a646354427258426941774a544c453551227d",
    attestation_object: "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7\
        f8edd46592a5e0f01452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4c9b2fde0ea70189cba3fb63f579ba612\
        2b33ad94ff3ec330084be4a5010203262001215820afefa16f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df6122582093\
        0a56b87a2fca66334b03458abf879717c12cc68ed73290af2e2664796b9220",
};

/// §16.3 ES256 credential with self attestation.
const SELF: Vector = Vector {
    credential_id: "455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58c",
    challenge: "7869c2b772d4b58eba9378cf8f29e26cf935aa77df0da89fa99c0bdc0a76f7e5",
    client_data: "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a2265476e4374334c557459363\
        66b336a506a796e6962506b31716e666644616966715a774c33417032392d55222c226f726967696e223a2268747470733a2f2f6578616d706c\
        652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617\
        920626520657874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c20737563682061\
        7320746869733a205539685458764b453255526b4d6e625f307859485667227d",
    attestation_object: "a363666d74667061636b65646761747453746d74a263616c672663736967584630440220067a20754ab925005dbf37809\
        7c92120031581c73228d1fb4f5b881bcd7da98302207fc7b147558c7c0eba3af18bd9d121fa3d3a26d17fe3f220272178f473b6006d68617574\
        684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b55d00000000df850e09db6afbdfab516977915\
        06cfc0020455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58ca5010203262001215820eb151c8176b225cc651559\
        fecf07af450fd85802046656b34c18f6cf193843c5225820927b8aa427a2be1b8834d233a2d34f61f13bfd44119c325d5896e183fee484f2",
};

/// §16.4 ES256 credential that was made in a frame of another site.
const CROSS_ORIGIN: Vector = Vector {
    credential_id: "6e1050c0d2ca2f07c755cb2c66a74c64fa43065c18f938354d9915db2bd5ce57",
    challenge: "3be5aacd03537142472340ab5969f240f1d87716e20b6807ac230655fa4b3b49",
    client_data: "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a224f2d57717a514e5463554a484\
        930437257576e7951504859647862694332674872434d475666704c4f306b222c226f726967696e223a2268747470733a2f2f6578616d706c65\
        2e6f7267222c2263726f73734f726967696e223a747275652c22657874726144617461223a22636c69656e74446174614a534f4e206d6179206\
        26520657874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320\
        746869733a207a5a7175457444523944577170573574425754467567227d",
    attestation_object: "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f\
        8edd46592a5e0f01452b2e4b54500000000883f4f6014f19c09d87aa38123be48d000206e1050c0d2ca2f07c755cb2c66a74c64fa43065c18f9\
        38354d9915db2bd5ce57a501020326200121582022200a473f90b11078851550d03b4e44a2279f8c4eca27b3153dedfe03e4e97d225820cbd0b\
        e95e746ad6f5a8191be11756e4c0420e72f65b466d39bc56b8b123a9c6e",
};

/// §16.2, the authentication with that credential.
const CHALLENGE: &str = "39c0e7521417ba54d43e8dc95174f423dee9bf3cd804ff6d65c857c9abf4d408";
const DATA: &str = "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000";
const CLIENT_DATA: &str = "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a224f63446e55685158756c5455\
    506f334a5558543049393770767a7a59425039745a63685879617630314167222c226f726967696e223a2268747470733a2f2f6578616d706c652e6\
    f7267222c2263726f73734f726967696e223a66616c73657d";
const SIGNATURE: &str = "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd380221008480ac0f0b93538174f5\
    75bf11a1dd5d78c6e486013f937295ea13653e331e87";

fn base64_of(hex: &str) -> String {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    URL_SAFE_NO_PAD.encode(digits.chunks(2).map(byte).collect::<Vec<_>>())
}

fn server() -> RelyingParty {
    RelyingParty::of("https://example.org").unwrap()
}

/// Returns a state whose challenge is that of the vector.
fn with_challenge(state: &str, options: &str, challenge: &str) -> String {
    let options: Value = serde_json::from_str(options).unwrap();
    let own = options["challenge"].as_str().unwrap();
    assert!(state.contains(own), "{state}");
    state.replace(own, &base64_of(challenge))
}

fn register(vector: &Vector) -> Result<Credential, Refusal> {
    let user_handle = UserHandle::new([1; 16]);
    let registrant = Registrant { user_handle, user_name: "alice", display_name: "Alice" };
    let begun = server().begin_registration([5; 32], &registrant, &[]).unwrap();
    let id = base64_of(vector.credential_id);
    let answer = json!({
        "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
        "response": {
            "clientDataJSON": base64_of(vector.client_data),
            "attestationObject": base64_of(vector.attestation_object),
        },
    });
    let state = with_challenge(&begun.state, &begun.options, vector.challenge);
    server().finish_registration(&state, &answer.to_string())
}

#[test]
fn a_credential_without_attestation_is_registered_and_proves_itself() {
    let credential = register(&NONE).unwrap();
    assert_eq!(credential.id(), base64_of(NONE.credential_id));
    assert_eq!(credential.attestation_format(), "none");
    let known = [credential];
    let begun = server().begin_assertion([6; 32], &known).unwrap();
    let id = base64_of(NONE.credential_id);
    let answer = json!({
        "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
        "response": {
            "clientDataJSON": base64_of(CLIENT_DATA),
            "authenticatorData": base64_of(DATA),
            "signature": base64_of(SIGNATURE),
        },
    });
    let state = with_challenge(&begun.state, &begun.options, CHALLENGE);
    let proof = server().finish_assertion(&state, &answer.to_string()).unwrap();
    assert_eq!((proof.credential_id, proof.counter, proof.is_user_verified), (id, 0, false));
    let refused = server().finish_assertion(&begun.state, &answer.to_string());
    assert_eq!(refused, Err(Refusal::WrongChallenge));
}

#[test]
fn a_credential_with_self_attestation_is_registered() {
    assert_eq!(register(&SELF).unwrap().attestation_format(), "packed");
}

#[test]
fn a_credential_of_a_frame_of_another_site_is_refused() {
    assert_eq!(register(&CROSS_ORIGIN).unwrap_err(), Refusal::CrossOrigin);
}

#[test]
fn the_vectors_of_another_relying_party_are_refused() {
    let other = Vector { client_data: SELF.client_data, ..NONE };
    assert_eq!(register(&other).unwrap_err(), Refusal::WrongChallenge);
}
