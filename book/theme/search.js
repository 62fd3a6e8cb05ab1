// The index of the search holds no Greek letter, and who looks for one finds it by its name, as it stands in the code.
"use strict";
(() => {
  const NAMES = {
    α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "epsilon", η: "eta", θ: "theta", λ: "lambda", μ: "mu", π: "pi", ρ: "rho",
    σ: "sigma", τ: "tau", φ: "phi", χ: "chi", ψ: "psi", ω: "omega",
  };
  if (!globalThis.elasticlunr) return;
  const { prototype } = elasticlunr.Index;
  const { search } = prototype;
  prototype.search = function (words, options) {
    const named = words.toLowerCase().replaceAll("ς", "σ").replaceAll(/[α-ω]/g, (letter) => ` ${NAMES[letter] ?? letter} `);
    return search.call(this, named, options);
  };
})();
