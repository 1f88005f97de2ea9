//! The network that training begins with.

use std::path::Path;

use cardinal::model::ResNextConfig;
use cardinal::train::{Network, SMALL_CARDINALITIES, small};

use super::args::Args;
use super::{Failure, weights};

/// Reads the weights, or takes the untrained network.
///
/// # Errors
/// What cannot be read, or is no network.
pub fn network(args: &Args) -> Result<Network, Failure> {
    match (&args.start.weights, &args.start.network, &args.start.config) {
        (Some(path), ..) => trained(path, args.strides.as_deref()),
        (_, Some(name), _) => Ok(Network::untrained(named(name)?, args.run.seed)),
        (_, _, Some(path)) => {
            let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
            let json = std::fs::read(path).map_err(|error| named(&error))?;
            let config: ResNextConfig = serde_json::from_slice(&json).map_err(|error| named(&error))?;
            config.validate()?;
            Ok(Network::untrained(config, args.run.seed))
        }
        _ => Err("name weights, or an untrained network".into()),
    }
}

/// A preset, or one of the small family that the page trains, `small_8`.
fn named(name: &str) -> Result<ResNextConfig, Failure> {
    let cardinality = name.strip_prefix("small_").and_then(|cardinality| cardinality.parse().ok());
    match cardinality.filter(|cardinality| SMALL_CARDINALITIES.contains(cardinality)) {
        // The number of classes follows from the pictures.
        Some(cardinality) => Ok(small(cardinality, 10)),
        None => Ok(ResNextConfig::preset(name)?),
    }
}

fn trained(path: &Path, strides: Option<&[usize]>) -> Result<Network, Failure> {
    let checkpoint = weights::read(path)?.checkpoint(strides)?;
    let (config, metadata) = (checkpoint.config().clone(), checkpoint.metadata().clone());
    Ok(Network { config, metadata, source: Box::new(checkpoint) })
}
