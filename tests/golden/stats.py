"""The golden values of `stats`: tests/golden/stats.json.

Run: python3 tests/golden/stats.py        (NumPy 2.4.6, SciPy 1.17.1, mpmath 1.3.0,
                                           statsmodels 0.15.0)

Intervals and tests are SciPy's, quantiles NumPy's, Holm's correction statsmodels', tail probabilities mpmath's
at 40 digits. The bootstrap draws with
the ChaCha8 of random_streams.py beside this file, which is a second implementation of the workspace's streams.
"""
import contextlib
import io
import json
import math
import pathlib
import sys

import mpmath
import numpy
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.multitest import multipletests

sys.dont_write_bytecode = True
with contextlib.redirect_stdout(io.StringIO()):  # it prints its own golden values
    from random_streams import stream

mpmath.mp.dps = 40
HERE = pathlib.Path(__file__).parent
PURPOSE_BOOTSTRAP = 6


def wilson():
    counts = [(0, 1), (1, 1), (0, 30), (1, 30), (15, 30), (29, 30), (30, 30), (9900, 10000), (9939, 10000), (123, 456)]
    for correct, total in counts:
        for confidence in (0.95, 0.9, 0.999):
            low, high = stats.binomtest(correct, total).proportion_ci(confidence, method="wilson")
            yield dict(correct=correct, total=total, confidence=confidence, low=float(low), high=float(high))


def samples():
    rng = numpy.random.default_rng(7)
    drawn = [[1.0, 3.0], [0.9, 0.95, 1.0], rng.normal(0.95, 0.03, 10), rng.normal(3, 200, 57), rng.exponential(2, 100)]
    for xs, confidence in zip(drawn, (0.95, 0.9, 0.95, 0.99, 0.5)):
        xs = numpy.array(xs)
        mean, se = xs.mean(), stats.sem(xs)
        yield dict(
            xs=xs.tolist(),
            mean=mean,
            standard_deviation=xs.std(ddof=1),
            standard_error=se,
            confidence=confidence,
            t_interval=[float(x) for x in stats.t.interval(confidence, len(xs) - 1, loc=mean, scale=se)],
            quantiles=[[q, numpy.quantile(xs, q)] for q in (0.0, 0.025, 0.1, 0.25, 0.5, 0.6, 0.975, 1.0)],
        )


def points():
    for confidence in (0.01, 0.5, 0.9, 0.95, 0.99, 0.9999):
        yield dict(confidence=confidence, df=None, point=stats.norm.isf((1 - confidence) / 2))
        for df in (1, 2, 3, 9, 99, 999):
            yield dict(confidence=confidence, df=df, point=stats.t.isf((1 - confidence) / 2, df))


def chi_squared():
    for df in (1, 2, 3, 4, 7, 30, 201):
        for x in (0.01, 0.5, 3.0, 3.841458820694124, 7.8, 40.0, 250.0, 1000.0):
            p = mpmath.gammainc(mpmath.mpf(df) / 2, mpmath.mpf(x) / 2, regularized=True)
            yield dict(x=x, df=df, p=float(p))


def t():
    for df in (1, 2, 3, 8, 29, 99, 500):
        for x in (0.01, 0.7, 1.0, 1.96, 2.5, 8.0, 40.0):
            at = mpmath.mpf(df) / (df + mpmath.mpf(x) ** 2)
            p = mpmath.betainc(mpmath.mpf(df) / 2, mpmath.mpf(1) / 2, 0, at, regularized=True)
            yield dict(x=x, df=df, p=float(p))


def binomial():
    for b, c in [(0, 0), (0, 1), (1, 9), (3, 3), (5, 6), (10, 25), (61, 40), (0, 60), (120, 180), (1000, 1100), (5000, 5200)]:
        yield dict(b=b, c=c, p=float(stats.binomtest(b, b + c).pvalue) if b + c else 1.0)


def friedman():
    rng = numpy.random.default_rng(11)
    without_ties = rng.normal(size=(12, 4)) + numpy.array([0.0, 0.3, 0.6, 0.9])
    with_ties = rng.integers(24, 31, size=(25, 4)) / 30
    three = rng.normal(size=(10, 3))
    for rows in (without_ties, with_ties, three):
        statistic, p = stats.friedmanchisquare(*rows.T)
        yield dict(rows=rows.tolist(), statistic=float(statistic), p=float(p))


def below(bits, bound):
    while True:
        product = next(bits) * bound
        if product % 2**64 >= (2**64 - bound) % bound:
            return product >> 64


def bootstrap():
    rng = numpy.random.default_rng(13)
    for n, resamples, confidence, seed in ((20, 300, 0.95, 1), (7, 200, 0.9, 2**40 + 5)):
        a, b = rng.normal(0.95, 0.02, n).tolist(), rng.normal(0.93, 0.03, n).tolist()
        differences, bits = [x - y for x, y in zip(a, b)], stream(seed, PURPOSE_BOOTSTRAP)
        means = [math.fsum(differences[below(bits, n)] for _ in range(n)) / n for _ in range(resamples)]
        outside = (1 - confidence) / 2
        low, high = numpy.quantile(means, [outside, 1 - outside])
        yield dict(a=a, b=b, resamples=resamples, confidence=confidence, seed=seed,
                   estimate=math.fsum(differences) / n, low=float(low), high=float(high))


def holm():
    rng = numpy.random.default_rng(17)
    families = [[0.01, 0.04, 0.03], [0.2], [1e-9, 0.03, 0.03, 0.5, 1.0], rng.uniform(0, 0.2, 12).tolist()]
    for p_values in families:
        yield dict(p_values=p_values, adjusted=multipletests(p_values, method="holm")[1].tolist())


def medians():
    rng = numpy.random.default_rng(19)
    for n, confidence in ((6, 0.95), (20, 0.95), (101, 0.9), (400, 0.99), (1000, 0.95)):
        xs = numpy.round(rng.exponential(20, n)).tolist()
        interval = stats.quantile_test(xs, p=0.5).confidence_interval(confidence)
        yield dict(xs=xs, confidence=confidence, low=float(interval.low), high=float(interval.high))


def corrected():
    # Nadeau and Bengio's correction, and the power of a test of the mean, written out with SciPy's distributions.
    rng = numpy.random.default_rng(23)
    for n, train, test, confidence, power in ((10, 120, 30, 0.95, 0.8), (100, 120, 30, 0.95, 0.8), (25, 90, 60, 0.9, 0.95)):
        xs = (rng.integers(-3, 4, n) / 30 + 0.01).tolist()
        se = float(numpy.std(xs, ddof=1)) * math.sqrt(1 / n + test / train)
        mean = float(numpy.mean(xs))
        yield dict(
            xs=xs, train=train, test=test, confidence=confidence, standard_error=se,
            interval=[float(x) for x in stats.t.interval(confidence, n - 1, loc=mean, scale=se)],
            p=float(2 * stats.t.sf(abs(mean) / se, n - 1)),
            power=power,
            detectable=float(se * (stats.norm.isf((1 - confidence) / 2) + stats.norm.ppf(power))),
        )


def ratios():
    rng = numpy.random.default_rng(29)
    for n, resamples, confidence, seed in ((15, 300, 0.95, 3), (6, 200, 0.9, 2**33 + 1)):
        wrong = rng.integers(-2, 5, n).astype(float).tolist()
        asked = rng.integers(5, 9, n).astype(float).tolist()
        bits = stream(seed, PURPOSE_BOOTSTRAP)

        def ratio(drawn):
            return math.fsum(wrong[i] for i in drawn) / math.fsum(asked[i] for i in drawn)

        resampled = [ratio([below(bits, n) for _ in range(n)]) for _ in range(resamples)]
        outside = (1 - confidence) / 2
        low, high = numpy.quantile(resampled, [outside, 1 - outside])
        yield dict(wrong=wrong, asked=asked, resamples=resamples, confidence=confidence, seed=seed,
                   estimate=ratio(range(n)), low=float(low), high=float(high))


golden = dict(
    made_by=f"tests/golden/stats.py with NumPy {numpy.__version__}, SciPy {scipy.__version__}, mpmath {mpmath.__version__}, "
            f"statsmodels {statsmodels.__version__}",
    **{make.__name__: list(make()) for make in (wilson, samples, points, chi_squared, t, binomial, friedman, bootstrap, holm, medians, corrected, ratios)},
)
(HERE / "stats.json").write_text(json.dumps(golden, indent=1, default=float) + "\n")
