//! Controls, which measure the machine in the same run: bare `fdatasync`, bare Argon2id.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use argon2::{Algorithm, Argon2, Block, Params, Version};

use super::process::Cpu;
use super::watch::Watch;

/// Number of cores.
pub fn cores() -> u32 {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    u32::try_from(cores).unwrap_or(u32::MAX)
}

/// The median of `rounds` writes of 4 KiB with `fdatasync`, in microseconds.
pub fn sync_micros(folder: &Path, rounds: u32) -> Result<f64, String> {
    let said = |error: std::io::Error| error.to_string();
    let mut file = File::create(folder.join("fdatasync")).map_err(said)?;
    let mut micros = Vec::new();
    for _ in 0..rounds {
        let watch = Watch::start();
        file.seek(SeekFrom::Start(0)).map_err(said)?;
        file.write_all(&[7; 4096]).map_err(said)?;
        file.sync_data().map_err(said)?;
        micros.push(watch.micros());
    }
    Ok(median(&mut micros))
}

/// The result of bare hashing.
pub struct Hashing {
    pub per_second: f64,
    /// Processor time of one hash.
    pub cpu_micros: f64,
}

/// Runs Argon2id with the parameters of passwords, on one thread per core.
pub fn hash(duration: Duration) -> Result<Hashing, String> {
    let before = Cpu::of("self")?;
    let done = AtomicU32::new(0);
    let watch = Watch::start();
    thread::scope(|scope| {
        for _ in 0..cores() {
            scope.spawn(|| {
                let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT);
                let mut blocks = vec![Block::default(); argon2.params().block_count()];
                while watch.elapsed() < duration {
                    let (mut hash, salt) = ([0; 32], b"0123456789abcdef");
                    let hashed = argon2.hash_password_into_with_memory(
                        b"secret",
                        salt,
                        &mut hash,
                        &mut blocks,
                    );
                    if hashed.is_ok() {
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let (seconds, done) = (watch.elapsed().as_secs_f64(), f64::from(done.into_inner()));
    let cpu_micros = before.micros_until(&Cpu::of("self")?) / done;
    Ok(Hashing { per_second: done / seconds, cpu_micros })
}

/// The median: the middle value, or the mean of the two middle values.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    let upper = values.get(half).copied();
    let lower = half.checked_sub(1).and_then(|place| values.get(place)).copied();
    match (lower, upper) {
        (Some(lower), Some(upper)) if values.len().is_multiple_of(2) => f64::midpoint(lower, upper),
        (_, upper) => upper.unwrap_or(f64::NAN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        let near = |mut values: Vec<f64>, expected: f64| {
            assert!((median(&mut values) - expected).abs() < 1e-9, "{values:?}");
        };
        near(vec![3.0, 1.0, 9.0], 3.0);
        near(vec![4.0, 1.0, 9.0, 2.0], 3.0);
        near(vec![5.0], 5.0);
        assert!(median(&mut []).is_nan());
    }
}
