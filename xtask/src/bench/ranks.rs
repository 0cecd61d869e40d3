//! The rank test of Mann and Whitney: whether two series of numbers tell which is which.
//!
//! H. B. Mann, D. R. Whitney, 1947, with the normal approximation, the correction for ties and that for continuity.

/// Returns the probability that two series which do not differ have ranks at least this far apart, in either direction.
pub fn p_value(ours: &[f64], theirs: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = ours.iter().map(|value| (*value, true)).collect();
    all.extend(theirs.iter().map(|value| (*value, false)));
    all.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (mut before, mut rank_sum, mut ties) = (0.0, 0.0, 0.0);
    for tied in all.chunk_by(|one, other| one.0.total_cmp(&other.0).is_eq()) {
        let size = count(tied.len());
        // Equal values share the mean of their ranks.
        rank_sum +=
            (before + f64::midpoint(size, 1.0)) * count(tied.iter().filter(|it| it.1).count());
        ties += size.powi(3) - size;
        before += size;
    }
    let (first, second) = (count(ours.len()), count(theirs.len()));
    let total = first + second;
    let u = rank_sum - first * (first + 1.0) / 2.0;
    let variance = first * second / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
    if variance <= 0.0 {
        return 1.0;
    }
    let distance = ((u - first * second / 2.0).abs() - 0.5).max(0.0);
    outside(distance / variance.sqrt())
}

/// Returns the probability that a normal variable is at least `z` standard deviations from its mean.
// M. Abramowitz, I. A. Stegun, Handbook of Mathematical Functions, 7.1.26: correct to 1.5e-7.
fn outside(z: f64) -> f64 {
    let x = z / std::f64::consts::SQRT_2;
    let t = 1.0 / 0.327_591_1_f64.mul_add(x, 1.0);
    let factors = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    factors.iter().fold(0.0_f64, |sum, factor| sum.mul_add(t, *factor)) * t * (-x * x).exp()
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::NAN, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_probability_is_that_of_the_tables() {
        let near = |ours: &[f64], theirs: &[f64], expected: f64| {
            let found = p_value(ours, theirs);
            assert!((found - expected).abs() < 1e-6, "{found} {expected}");
        };
        near(&[1.0, 2.0, 3.0, 4.0, 5.0], &[6.0, 7.0, 8.0, 9.0, 10.0], 0.012_185_780);
        near(&[6.0, 7.0, 8.0, 9.0, 10.0], &[1.0, 2.0, 3.0, 4.0, 5.0], 0.012_185_780);
        // With ties.
        near(&[1.0, 2.0, 2.0, 3.0], &[2.0, 3.0, 3.0, 4.0], 0.172_033_709);
        let (ours, theirs) =
            ([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0], [5.0, 3.0, 5.0, 8.0, 9.0, 7.0, 9.0, 3.0]);
        near(&ours, &theirs, 0.124_153_077);
    }

    #[test]
    fn series_of_one_value_do_not_differ() {
        assert!((p_value(&[1.0; 9], &[1.0; 9]) - 1.0).abs() < 1e-9);
        assert!((p_value(&[1.0, 2.0], &[1.0, 2.0]) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_shift_is_noticed() {
        let from = |start: u32| (start..start + 40).map(f64::from).collect::<Vec<f64>>();
        assert!(p_value(&from(0), &from(15)) < 1e-5);
        assert!(p_value(&from(0), &from(1)) > 0.5);
    }
}
