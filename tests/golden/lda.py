"""The golden values of `experiments::iris::lda`: tests/golden/lda.json.

Run: python3 tests/golden/lda.py        (NumPy 2.4.6, SciPy 1.17.1, scikit-learn 1.9.1)

scikit-learn's LinearDiscriminantAnalysis with its default settings (solver "svd": priors of the training part, pooled covariance
divided by N) on splits of data/iris.csv that NumPy draws. The logarithms
are taken of the decision function: predict_log_proba cuts off what underflows.
"""
import csv
import json
import pathlib

import numpy
import scipy
import sklearn
from scipy.special import log_softmax
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

HERE = pathlib.Path(__file__).parent
SPECIES = ["setosa", "versicolor", "virginica"]

with open(HERE / "../../data/iris.csv") as file:
    rows = list(csv.reader(file))[1:]
x = numpy.array([[float(cell) for cell in row[:4]] for row in rows])
y = numpy.array([SPECIES.index(row[4]) for row in rows])


def case(order, size):
    train, test = order[:size], order[size:]
    lda = LinearDiscriminantAnalysis().fit(x[train], y[train])
    return dict(
        train=train.tolist(),
        test=test.tolist(),
        log_posteriors=log_softmax(lda.decision_function(x[test]), axis=1).tolist(),
        predictions=lda.predict(x[test]).tolist(),
    )


rng = numpy.random.default_rng(23)
cases = [case(rng.permutation(150), size) for size in (120, 120, 30)] + [case(numpy.arange(150), 120)]
golden = dict(made_by=f"tests/golden/lda.py with NumPy {numpy.__version__}, scikit-learn {sklearn.__version__}, SciPy {scipy.__version__}", cases=cases)
(HERE / "lda.json").write_text(json.dumps(golden, indent=1) + "\n")
