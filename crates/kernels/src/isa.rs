//! Which instruction set the kernels use.

use std::fmt;
use std::str::FromStr;

/// An instruction set for which the kernels have a path. All paths give the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Isa {
    /// Plain Rust, one lane; exists everywhere. Fused multiply-adds are the processor's where it has them, else the
    /// system's `fmaf`; both round once. This is the slow path that the fast ones are compared with.
    Scalar,
    /// 8 lanes of AVX2 with FMA (x86-64).
    Avx2,
    /// 16 lanes of AVX-512 (x86-64).
    Avx512,
    /// 4 lanes of NEON (aarch64, where it is part of the target).
    Neon,
}

/// Why an instruction set cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IsaError {
    /// The name is not one of the known ones.
    #[error("unknown instruction set `{0}`: use scalar, avx2, avx512, neon or auto")]
    Unknown(String),
    /// The kernels have no path for it, or this processor does not know it.
    #[error("the instruction set `{name}` is not available here: use one of {available}, or auto")]
    Unavailable {
        /// The name asked for.
        name: String,
        /// What could be used instead.
        available: String,
    },
}

impl Isa {
    /// Every instruction set this machine can run, the fastest last.
    pub fn available() -> Vec<Self> {
        let mut list = vec![Self::Scalar];
        if Self::has_avx2() {
            list.push(Self::Avx2);
        }
        if Self::has_avx512() {
            list.push(Self::Avx512);
        }
        if cfg!(all(target_arch = "aarch64", target_feature = "neon")) {
            list.push(Self::Neon);
        }
        list
    }

    /// The fastest one this machine can run.
    pub fn detect() -> Self {
        Self::available().pop().unwrap_or(Self::Scalar)
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
            Self::Neon => "neon",
        }
    }

    #[cfg(target_arch = "x86_64")]
    pub fn has_fma() -> bool {
        std::arch::is_x86_feature_detected!("fma")
    }

    #[cfg(target_arch = "x86_64")]
    pub fn has_avx2() -> bool {
        std::arch::is_x86_feature_detected!("avx2") && Self::has_fma()
    }

    /// AVX-512's foundation; [`has_avx2`](Self::has_avx2) too, because the loops that are vectorised by the compiler
    /// may use both.
    #[cfg(target_arch = "x86_64")]
    pub fn has_avx512() -> bool {
        std::arch::is_x86_feature_detected!("avx512f") && Self::has_avx2()
    }

    #[cfg(not(target_arch = "x86_64"))]
    pub fn has_avx2() -> bool {
        false
    }

    #[cfg(not(target_arch = "x86_64"))]
    pub fn has_avx512() -> bool {
        false
    }
}

impl fmt::Display for Isa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Isa {
    type Err = IsaError;

    /// Reads `scalar`, `avx2`, `avx512`, `neon` or `auto`; refuses what this machine cannot run.
    fn from_str(name: &str) -> Result<Self, IsaError> {
        if name == "auto" {
            return Ok(Self::detect());
        }
        if !["scalar", "avx2", "avx512", "neon"].contains(&name) {
            return Err(IsaError::Unknown(name.to_owned()));
        }
        Self::available().into_iter().find(|isa| isa.name() == name).ok_or_else(|| IsaError::Unavailable {
            name: name.to_owned(),
            available: Self::available().iter().map(|isa| isa.name()).collect::<Vec<_>>().join(", "),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_available_set_is_read_back_from_its_name() {
        for isa in Isa::available() {
            assert_eq!(isa.name().parse(), Ok(isa));
        }
        assert_eq!("auto".parse(), Ok(Isa::detect()));
    }

    #[test]
    fn an_unknown_set_is_refused_with_the_choices() {
        let error = "mmx".parse::<Isa>().unwrap_err();
        assert_eq!(error, IsaError::Unknown("mmx".into()));
        assert!(error.to_string().contains("auto"));
    }

    #[test]
    fn a_set_of_another_processor_is_refused() {
        let foreign = if cfg!(target_arch = "x86_64") { "neon" } else { "avx2" };
        assert!(matches!(foreign.parse::<Isa>(), Err(IsaError::Unavailable { .. })));
    }
}
