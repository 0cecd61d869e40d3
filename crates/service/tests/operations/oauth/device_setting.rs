//! The setting that lets programs in only through a browser on the same machine.

use ::oauth::device::{DeviceReply, DeviceRequest, approve_device, confirm_device, find_device};
use kernel::Ctx;
use model::{Fault, OAuthError};
use serde_json::json;

use super::{World, error, text};

/// A step of the device page.
type Step = fn(&Ctx<'_>, &DeviceRequest) -> Result<DeviceReply, Fault>;

impl World {
    fn set(&self, status: &str) {
        let body = json!({"InstanceArn": self.bench.instance().id.arn(), "Status": status});
        self.bench.call("PorticoAdmin.PutDeviceAuthorization", &body).unwrap();
    }

    fn described(&self) -> String {
        let body = json!({"InstanceArn": self.bench.instance().id.arn()});
        text(&self.bench.call("PorticoAdmin.DescribeDeviceAuthorization", &body).unwrap(), "Status")
    }
}

#[test]
fn without_codes_a_program_is_refused_at_each_step_and_those_inside_stay() {
    let world = World::new();
    assert_eq!(world.described(), "ENABLED");
    let app = world.device_app();
    let inside = world.tokens(&app);
    let [asked, confirmed, approved] = [(); 3].map(|()| world.start_device(&app).unwrap());
    let code = |started| text(started, "userCode");
    world.step(&world.portal, confirm_device, &code(&confirmed)).unwrap();
    world.step(&world.portal, confirm_device, &code(&approved)).unwrap();
    world.step(&world.portal, approve_device, &code(&approved)).unwrap();

    world.set("DISABLED");
    assert_eq!(world.described(), "DISABLED");
    assert_eq!(error(world.start_device(&app)), OAuthError::UnauthorizedClient);
    let steps: [(Step, _); 3] =
        [(find_device, &asked), (confirm_device, &asked), (approve_device, &confirmed)];
    for (step, started) in steps {
        let refused = world.step(&world.portal, step, &code(started)).unwrap_err();
        let Fault::Invalid { must, .. } = &refused else { panic!("{refused:?}") };
        assert!(must.contains("browser on the same machine"), "{must}");
    }
    assert_eq!(error(world.poll(&app, &approved)), OAuthError::AccessDenied);
    assert!(world.is_good(&inside));
    assert!(world.refresh(&app, &text(&inside, "refreshToken")).is_ok());

    world.set("ENABLED");
    assert!(world.poll(&app, &approved).is_ok());
}

#[test]
fn a_status_is_one_of_two_and_an_instance_is_there() {
    let world = World::new();
    let arn = world.bench.instance().id.arn();
    for status in [json!("OFF"), json!(1), json!(null)] {
        let body = json!({"InstanceArn": arn, "Status": status});
        let refused = world.bench.call("PorticoAdmin.PutDeviceAuthorization", &body);
        assert!(refused.is_err(), "{status}");
    }
    assert_eq!(world.described(), "ENABLED");
    let body = json!({"InstanceArn": "arn:aws:sso:::instance/ssoins-0123456789abcdef"});
    let refused = world.bench.call("PorticoAdmin.DescribeDeviceAuthorization", &body).unwrap_err();
    assert!(matches!(refused, Fault::NotFound { .. }), "{refused:?}");
}
