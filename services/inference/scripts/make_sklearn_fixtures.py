"""Makes the fixtures of test/sklearn: pickled models and what scikit-learn itself predicts with them.

Run it with Debian's python3-sklearn and python3-pandas; the outputs are committed, so the tests need no Python:

    python3 services/inference/scripts/make_sklearn_fixtures.py

Every model is written in another way (pickle protocols 0 to 5, joblib with and without compression), so that the
readers are tried on all of them. The data is random with a fixed seed. `expected.json.gz` holds the rows of each data
set and, per model, the predicted classes and probabilities (or values) for all of them.
"""

import copy
import functools
import gzip
import json
import pathlib
import pickle
import shutil
import sys
import types
import warnings

import joblib
import numpy as np
import pandas as pd
import sklearn
import sklearn.base
from sklearn.base import clone, is_classifier
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.datasets import make_blobs, make_classification, make_regression
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import (
    ExtraTreesClassifier, ExtraTreesRegressor, GradientBoostingClassifier, GradientBoostingRegressor,
    HistGradientBoostingClassifier, HistGradientBoostingRegressor, RandomForestClassifier, RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import (
    BayesianRidge, ElasticNet, ElasticNetCV, HuberRegressor, Lasso, LassoCV, LinearRegression, LogisticRegression,
    LogisticRegressionCV, PassiveAggressiveClassifier, PassiveAggressiveRegressor, Perceptron, Ridge, RidgeClassifier,
    RidgeClassifierCV, RidgeCV, SGDClassifier, SGDRegressor,
)
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV, RandomizedSearchCV
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer, MaxAbsScaler, MinMaxScaler, Normalizer, OneHotEncoder, OrdinalEncoder, PolynomialFeatures,
    RobustScaler, StandardScaler,
)
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR, NuSVC, NuSVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier, ExtraTreeRegressor
from sklearn.utils import check_array
from scipy.stats import uniform

FOLDER = pathlib.Path(__file__).parent.parent / "test" / "sklearn" / "fixtures"
WAYS = ["p0", "p1", "p2", "p3", "p4", "p5", "joblib", "zlib", "gzip", "bz2", "xz"]
ENDINGS = {"p0": "pkl", "p1": "pkl", "p2": "pickle", "p3": "pkl", "p4": "pkl", "p5": "pkl", "joblib": "joblib",
           "zlib": "joblib", "gzip": "pkl", "bz2": "joblib", "xz": "joblib"}

datasets = {}
cases = []
versions = []


def dataset(name, train, target, rows):
    datasets[name] = (train, target, rows)


def make_datasets():
    random = np.random.RandomState(20240701)
    x, y = make_classification(320, 6, n_informative=5, n_redundant=1, n_classes=3, random_state=1, class_sep=0.8)
    words = np.array(["setosa", "versicolor", "vírginica"])[y]
    dataset("three", x[:120], words[:120], x[120:])
    dataset("two", x[:120], (y[:120] > 0).astype(int), x[120:])
    dataset("booleans", x[:120], y[:120] > 0, x[120:])
    # Few steps per column, as measured with a ruler: many equal values, and thresholds that float32 does not have.
    dataset("ruler", np.round(x[:120], 1), y[:120].astype(np.int32), np.round(x[120:], 1))
    blobs, colours = make_blobs(300, 4, centers=5, cluster_std=4.0, random_state=3)
    dataset("five", blobs[:150], colours[:150] - 2, blobs[150:])
    r, t = make_regression(300, 5, n_informative=4, noise=3.0, random_state=2)
    dataset("numbers", r[:120], t[:120], r[120:])
    dataset("positive", r[:120], np.abs(t[:120]) + 1, r[120:])
    _, pair = make_regression(300, 5, n_targets=2, noise=3.0, random_state=2)
    dataset("pairs", r[:120], pair[:120], r[120:])
    holes = x.copy()
    holes[random.rand(*holes.shape) < 0.15] = np.nan
    dataset("holes", holes[:160], y[:160], holes[160:])
    dataset("holes_two", holes[:160], (y[:160] == 1).astype(int), holes[160:])
    dataset("holes_numbers", holes[:160], np.nan_to_num(holes[:160, 0]) * 3 + y[:160], holes[160:])
    marked = np.round(x * 10)
    marked[random.rand(*marked.shape) < 0.15] = -1
    dataset("marked", marked[:160], y[:160], marked[160:])
    # Categories as numbers: many rows each, or scikit-learn does not split by them. Missing ones are of their own kind
    # in training; in the rows behind there are also unknown, negative and missing ones.
    count, trained = 1100, 900
    codes = random.normal(size=(count, 5))
    codes[:, 0] = random.choice([0, 3, 31, 32, 64, 100, 200, 254], count)
    codes[:, 3] = random.randint(0, 5, count)
    kinds = ((codes[:, 0] * 7).astype(int) % 5 + (codes[:, 3] == 2) + (codes[:, 1] > 0)) % 3
    codes[:trained:7, 0] = np.nan
    kinds[:trained:7] = 1
    codes[:trained:9, 3] = np.nan
    kinds[:trained:9] = 2
    codes[trained:trained + 60, 0] = random.randint(0, 256, 60)
    codes[trained + 60:trained + 80, 0] = -3
    codes[trained + 80:trained + 100, 0] = np.nan
    codes[trained + 90:trained + 130, 3] = 9
    codes[trained::6, 3] = np.nan
    dataset("codes", codes[:trained], kinds[:trained], codes[trained:])
    grapes = np.array(["Merlot", "Malbec", "Tannat", "Syrah"], dtype=object)
    colours = np.array(["red", "white", ""], dtype=object)
    table = pd.DataFrame({
        "alcohol": np.round(x[:, 0] + 11, 2),
        "grape": grapes[random.randint(0, 4, len(x))],
        "sugar": np.round(np.abs(x[:, 1]), 2),
        "colour": colours[random.randint(0, 2, len(x))],
        "value": random.randint(2015, 2020, len(x)).astype(float),
    })
    table.loc[200:205, "grape"] = "Unknown grape"
    table.loc[210:220, "colour"] = ""
    quality = np.where((table["grape"] == "Merlot") ^ (table["alcohol"] > 11), "good", "poor")
    dataset("red_or_white", table[:160], quality[:160], table[160:][table["colour"][160:] != ""])
    dataset("wines", table[:160], quality[:160], table[160:])
    holed = table.copy()
    holed.loc[::9, "sugar"] = np.nan
    holed.loc[::11, "colour"] = ""
    dataset("holed_wines", holed[:160], quality[:160], holed[160:])


def case(name, model, data):
    train, target, _ = datasets[data]
    model = clone(model)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(train, target)
    cases.append((name, model, data))


def make_classifiers():
    for data in ["three", "two"]:
        for solver, kind in [("lbfgs", "multinomial"), ("lbfgs", "ovr"), ("lbfgs", "auto"), ("liblinear", "auto")]:
            case(f"logistic-{data}-{solver}-{kind}", LogisticRegression(solver=solver, multi_class=kind, C=0.7), data)
        case(f"svc-linear-{data}", SVC(kernel="linear"), data)
        case(f"svc-rbf-probability-{data}", SVC(probability=True, random_state=0), data)
        case(f"svc-poly-{data}", SVC(kernel="poly", degree=2, coef0=0.5, probability=True, random_state=0), data)
        case(f"svc-sigmoid-{data}", SVC(kernel="sigmoid", gamma=0.05), data)
        case(f"nusvc-{data}", NuSVC(nu=0.3, probability=True, random_state=0, gamma="auto"), data)
        case(f"tree-{data}", DecisionTreeClassifier(max_depth=4, random_state=0), data)
        case(f"forest-{data}", RandomForestClassifier(8, max_depth=5, random_state=0), data)
        case(f"gradient-boosting-{data}", GradientBoostingClassifier(n_estimators=8, max_depth=2, random_state=0), data)
        case(f"histogram-boosting-{data}", HistGradientBoostingClassifier(max_iter=8, max_leaf_nodes=8), data)
        case(f"neighbors-{data}", KNeighborsClassifier(5), data)
        case(f"neighbors-distance-{data}", KNeighborsClassifier(4, weights="distance", algorithm="kd_tree"), data)
        case(f"naive-bayes-{data}", GaussianNB(), data)
        case(f"discriminant-{data}", LinearDiscriminantAnalysis(), data)
        case(f"network-relu-{data}", MLPClassifier((8,), max_iter=200, random_state=0), data)
        case(f"network-tanh-{data}", MLPClassifier((6, 5), activation="tanh", max_iter=200, random_state=0), data)
        case(f"linear-svc-{data}", LinearSVC(), data)
        case(f"ridge-classifier-{data}", RidgeClassifier(), data)
        case(f"perceptron-{data}", Perceptron(random_state=0), data)
        for loss in ["hinge", "log_loss", "modified_huber"]:
            case(f"sgd-{loss}-{data}", SGDClassifier(loss=loss, random_state=0), data)
    for model in [RidgeClassifierCV(), PassiveAggressiveClassifier(random_state=0), ExtraTreeClassifier(max_depth=5, random_state=0)]:
        case(type(model).__name__, model, "three")
    case("halving-search", HalvingGridSearchCV(DecisionTreeClassifier(random_state=0), {"max_depth": [2, 4]}, cv=2, random_state=0), "three")
    case("logistic-cv", LogisticRegressionCV(Cs=3, cv=3), "three")
    case("logistic-newton-cholesky", LogisticRegression(solver="newton-cholesky"), "three")
    case("logistic-booleans", LogisticRegression(), "booleans")
    case("logistic-without-intercept", LogisticRegression(fit_intercept=False), "three")
    case("svc-five-probability", SVC(probability=True, random_state=0, C=0.5), "five")
    case("svc-five-linear", SVC(kernel="linear", probability=True, random_state=0), "five")
    case("svc-ovo-shape", SVC(decision_function_shape="ovo", class_weight="balanced"), "five")
    case("tree-deep-ruler", DecisionTreeClassifier(random_state=0), "ruler")
    case("tree-entropy-best-first", DecisionTreeClassifier(criterion="entropy", max_leaf_nodes=9, random_state=0), "ruler")
    case("tree-weights", DecisionTreeClassifier(class_weight={0: 1.7, 1: 0.3, 2: 2.1}, max_depth=3), "ruler")
    case("tree-one-leaf", DecisionTreeClassifier(min_samples_leaf=100), "three")
    case("forest-ruler", RandomForestClassifier(30, random_state=1), "ruler")
    case("forest-many-trees", RandomForestClassifier(70, max_depth=2, random_state=1), "five")
    case("extra-trees", ExtraTreesClassifier(20, max_depth=6, bootstrap=True, class_weight="balanced", random_state=2), "ruler")
    case("gradient-boosting-exponential", GradientBoostingClassifier(loss="exponential", n_estimators=8, random_state=0), "two")
    case("gradient-boosting-zero", GradientBoostingClassifier(init="zero", n_estimators=6, random_state=0), "three")
    case("gradient-boosting-subsample", GradientBoostingClassifier(subsample=0.5, n_estimators=6, max_features=2, random_state=0), "ruler")
    case("histogram-boosting-holes", HistGradientBoostingClassifier(max_iter=8, max_leaf_nodes=8), "holes")
    case("histogram-boosting-holes-two", HistGradientBoostingClassifier(max_iter=8, max_leaf_nodes=8), "holes_two")
    case("histogram-boosting-categories", HistGradientBoostingClassifier(max_iter=8, categorical_features=[0, 3], min_samples_leaf=4), "codes")
    case("neighbors-manhattan", KNeighborsClassifier(3, metric="manhattan", algorithm="ball_tree"), "five")
    case("neighbors-minkowski", KNeighborsClassifier(3, p=3), "five")
    case("neighbors-chebyshev", KNeighborsClassifier(7, metric="chebyshev", algorithm="brute"), "five")
    case("discriminant-shrunk", LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto"), "five")
    case("network-logistic", MLPClassifier((5,), activation="logistic", max_iter=100, random_state=0), "five")
    case("network-identity", MLPClassifier((5,), activation="identity", max_iter=100, random_state=0), "three")


def make_regressors():
    case("linear-regression", LinearRegression(), "numbers")
    case("linear-regression-pairs", LinearRegression(fit_intercept=False), "pairs")
    case("ridge", Ridge(alpha=3), "numbers")
    case("ridge-pairs", Ridge(), "pairs")
    case("lasso", Lasso(), "numbers")
    case("elastic-net", ElasticNet(), "numbers")
    case("sgd-regressor", SGDRegressor(random_state=0), "numbers")
    case("linear-svr", LinearSVR(random_state=0), "numbers")
    for kernel in ["rbf", "linear", "poly", "sigmoid"]:
        case(f"svr-{kernel}", SVR(kernel=kernel, C=10), "numbers")
    case("nusvr", NuSVR(C=10), "numbers")
    case("tree-regressor", DecisionTreeRegressor(max_depth=5, random_state=0), "numbers")
    case("tree-regressor-pairs", DecisionTreeRegressor(max_depth=4, random_state=0), "pairs")
    case("forest-regressor", RandomForestRegressor(8, max_depth=5, random_state=0), "numbers")
    case("forest-regressor-pairs", RandomForestRegressor(5, max_depth=4, random_state=0), "pairs")
    case("extra-trees-regressor", ExtraTreesRegressor(8, max_depth=5, random_state=0), "numbers")
    for loss in ["squared_error", "absolute_error", "huber", "quantile"]:
        case(f"gradient-boosting-{loss}", GradientBoostingRegressor(loss=loss, n_estimators=10, max_depth=2, random_state=0), "numbers")
    for loss, data in [("squared_error", "holes_numbers"), ("absolute_error", "numbers"), ("poisson", "positive")]:
        case(f"histogram-regressor-{loss}", HistGradientBoostingRegressor(loss=loss, max_iter=8, max_leaf_nodes=8), data)
    case("neighbors-regressor", KNeighborsRegressor(4), "numbers")
    case("neighbors-regressor-distance", KNeighborsRegressor(4, weights="distance"), "pairs")
    for model in [RidgeCV(), LassoCV(cv=3), ElasticNetCV(cv=3), HuberRegressor(), BayesianRidge(),
                  PassiveAggressiveRegressor(random_state=0), ExtraTreeRegressor(max_depth=5, random_state=0)]:
        case(type(model).__name__, model, "numbers")
    case("network-regressor", MLPRegressor((8,), max_iter=300, random_state=0), "numbers")
    case("network-regressor-pairs", MLPRegressor((6,), activation="tanh", max_iter=100, random_state=0), "pairs")


def make_pipelines():
    logistic = LogisticRegression(max_iter=500)
    for name, step in [
        ("standard", StandardScaler()), ("standard-no-mean", StandardScaler(with_mean=False)),
        ("standard-no-std", StandardScaler(with_std=False)), ("min-max", MinMaxScaler()),
        ("min-max-clip", MinMaxScaler((-1, 1), clip=True)), ("max-abs", MaxAbsScaler()), ("robust", RobustScaler()),
        ("robust-no-centering", RobustScaler(with_centering=False)), ("normalizer-l1", Normalizer("l1")),
        ("normalizer-l2", Normalizer()), ("normalizer-max", Normalizer("max")),
        ("polynomial", PolynomialFeatures(3)), ("polynomial-interactions", PolynomialFeatures(2, interaction_only=True)),
        ("polynomial-range", PolynomialFeatures((2, 3), include_bias=False)), ("pca", PCA(3, random_state=0)),
        ("pca-whitened", PCA(4, whiten=True, random_state=0)), ("svd", TruncatedSVD(3, random_state=0)),
        ("function", FunctionTransformer()), ("passthrough", "passthrough"),
        ("union", FeatureUnion([("scaler", StandardScaler()), ("pca", PCA(2, random_state=0))])),
    ]:
        case(f"pipeline-{name}", Pipeline([("prepare", step), ("model", logistic)]), "three")
    case("pipeline-long", make_pipeline(StandardScaler(), PCA(4), PolynomialFeatures(), SVC(probability=True, random_state=0)), "three")
    for name, imputer in [("mean", SimpleImputer()), ("median-indicator", SimpleImputer(strategy="median", add_indicator=True)),
                          ("constant", SimpleImputer(strategy="constant", fill_value=-9))]:
        case(f"imputer-{name}", make_pipeline(imputer, RandomForestClassifier(6, max_depth=4, random_state=0)), "holes")
    case("imputer-marked", make_pipeline(SimpleImputer(missing_values=-1, strategy="most_frequent"), logistic), "marked")
    case("one-hot-numbers", make_pipeline(OneHotEncoder(handle_unknown="ignore"), logistic), "marked")
    case("ordinal-numbers", make_pipeline(OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), DecisionTreeClassifier(max_depth=4)), "marked")
    words, numbers = ["grape", "colour"], ["alcohol", "sugar"]
    case("wines-one-hot", make_pipeline(ColumnTransformer([
        ("words", OneHotEncoder(handle_unknown="ignore"), words), ("numbers", StandardScaler(), numbers),
    ], remainder="passthrough"), logistic), "wines")
    case("wines-selected", make_pipeline(ColumnTransformer([
        ("words", OneHotEncoder(drop="if_binary"), ["colour"]), ("numbers", RobustScaler(), make_column_selector(dtype_include=np.number)),
    ]), logistic), "red_or_white")
    case("wines-drop-first", make_pipeline(ColumnTransformer([
        ("words", OneHotEncoder(drop="first", handle_unknown="ignore", sparse_output=False), [1, 3]), ("numbers", "passthrough", slice(0, 1)),
    ]), RandomForestClassifier(6, max_depth=4, random_state=0)), "wines")
    case("wines-ordinal", make_pipeline(ColumnTransformer([
        ("words", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), make_column_selector(dtype_include=object)),
        ("rest", "drop", ["value"]),
    ], remainder=MinMaxScaler()), HistGradientBoostingClassifier(max_iter=6, max_leaf_nodes=6)), "wines")
    case("wines-imputed", make_pipeline(ColumnTransformer([
        ("words", make_pipeline(SimpleImputer(missing_values="", strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")), words),
        ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), ["alcohol", "sugar", "value"]),
    ]), LinearDiscriminantAnalysis()), "holed_wines")
    case("grid-search", GridSearchCV(make_pipeline(StandardScaler(), SVC()), {"svc__C": [0.1, 1]}, cv=2, scoring="accuracy"), "three")
    case("grid-search-scorers", GridSearchCV(DecisionTreeClassifier(random_state=0), {"max_depth": [2, 3]}, cv=2, scoring=["accuracy", "f1_macro"], refit="accuracy"), "three")
    case("random-search", RandomizedSearchCV(LogisticRegression(), {"C": uniform(0.1, 2)}, n_iter=2, cv=2, random_state=0), "two")
    case("random-state-inside", make_pipeline(StandardScaler(), RandomForestClassifier(5, max_depth=3, random_state=np.random.RandomState(7))), "three")
    case("named-columns", LogisticRegression(max_iter=500), "named")
    # Arrays in Fortran's order and with the other byte order must be read as what they are.
    model = LogisticRegression().fit(*datasets["three"][:2])
    model.coef_ = np.asfortranarray(model.coef_)
    cases.append(("fortran-order", model, "three"))
    model = LogisticRegression().fit(*datasets["three"][:2])
    model.coef_ = model.coef_.astype(">f8")
    model.intercept_ = model.intercept_.astype(">f4")
    cases.append(("big-endian", model, "three"))


class Reduced:
    """Is pickled as a call of `function` with `args`, and then the state: for what only other versions can make."""

    def __init__(self, function, args, state):
        self.parts = (function, args, state)

    def __reduce__(self):
        return self.parts


def class_of(module, name):
    """A class with the name of one that this version does not have."""
    made = type(name, (), {"__module__": module})
    sys.modules.setdefault(module, types.ModuleType(module))
    setattr(sys.modules[module], name, made)
    return made


def version_of(name):
    return name.split("-")[0] + ".0"


def dumps_as(name, model, protocol):
    """A pickle that says it is of the version that the name begins with."""
    own = sklearn.base.__version__
    sklearn.base.__version__ = version_of(name)
    try:
        return pickle.dumps(model, protocol=protocol)
    finally:
        sklearn.base.__version__ = own


def version(name, data, model, edit=lambda attributes: None, modules=(), probabilities=None):
    """A model as another version writes it: other modules (in protocol 0, where names are text), other attributes."""
    train, target, _ = datasets[data]
    original = clone(model).fit(train, target)
    expected = expected_of(original, data)
    written = copy.deepcopy(original)
    edit(written.__dict__)
    if probabilities is not None:
        expected["probabilities"] = probabilities(original, datasets[data][2]).tolist()
    raw = dumps_as(name, written, 0)
    expected["version"] = version_of(name)
    for old, new in modules:
        assert f"c{old}\n".encode() in raw, (name, old)
        raw = raw.replace(f"c{old}\n".encode(), f"c{new}\n".encode())
    versions.append((name, raw, expected))


def without(*names):
    return lambda attributes: [attributes.pop(name) for name in names]


def tree_of_1_3(attributes):
    """Since 1.3 a node says where missing values go, and leaves hold shares instead of weights."""
    tree = attributes["tree_"]
    state = tree.__getstate__()
    nodes = state["nodes"]
    fields = [(name, nodes.dtype[name]) for name in nodes.dtype.names] + [("missing_go_to_left", "u1")]
    changed = np.zeros(len(nodes), dtype=np.dtype(fields, align=True))
    for field in nodes.dtype.names:
        changed[field] = nodes[field]
    state = {**state, "nodes": changed, "values": state["values"] / state["values"].sum(axis=2, keepdims=True)}
    attributes["tree_"] = Reduced(type(tree), tree.__reduce__()[1], state)


def make_versions():
    base = "sklearn."
    version("0.19-logistic", "three", LogisticRegression(multi_class="ovr"), without("n_features_in_", "l1_ratio"),
            [(base + "linear_model._logistic", base + "linear_model.logistic")])
    version("0.21-logistic-warn", "three", LogisticRegression(multi_class="ovr"),
            lambda a: (a.update(multi_class="warn", solver="warn"), a.pop("n_features_in_")),
            [(base + "linear_model._logistic", base + "linear_model.logistic")])
    version("0.21-tree", "ruler", DecisionTreeClassifier(max_depth=5, random_state=0),
            lambda a: a.update(n_features_=a.pop("n_features_in_")), [(base + "tree._classes", base + "tree.tree")])
    version("0.20-forest", "ruler", RandomForestClassifier(5, max_depth=4, random_state=0),
            lambda a: a.update(n_features_=a.pop("n_features_in_")),
            [(base + "tree._classes", base + "tree.tree"), (base + "ensemble._forest", base + "ensemble.forest")])

    # Until 0.21 the probabilities of more than two classes were those of each class against the rest.
    def discriminant_of_0_20(model, rows):
        each = 1 / (1 + np.exp(-model.decision_function(rows)))
        return each / each.sum(axis=1, keepdims=True)

    version("0.20-discriminant", "three", LinearDiscriminantAnalysis(), without("n_features_in_"),
            probabilities=discriminant_of_0_20)
    priors = class_of("sklearn.ensemble.gradient_boosting", "LogOddsEstimator")

    def boosting_of_0_20(attributes):
        p = attributes["init_"].class_prior_[1]
        attributes["init_"] = priors()
        attributes["init_"].prior = np.log(p / (1 - p))
        attributes.pop("_loss")
        attributes.update(loss="deviance", n_features_=attributes.pop("n_features_in_"))

    version("0.20-gradient-boosting", "two", GradientBoostingClassifier(n_estimators=6, max_depth=2, random_state=0),
            boosting_of_0_20, [(base + "ensemble._gb", base + "ensemble.gradient_boosting")])

    def vectors_of_0_21(attributes):
        attributes["n_support_"] = attributes.pop("_n_support")
        attributes["probA_"] = attributes.pop("_probA")
        attributes["probB_"] = attributes.pop("_probB")
        attributes.pop("n_features_in_")

    version("0.21-svc", "three", SVC(probability=True, random_state=0), vectors_of_0_21,
            [(base + "svm._classes", base + "svm.classes")])
    version("0.24-naive-bayes", "three", GaussianNB(), lambda a: a.update(sigma_=a.pop("var_")))
    version("0.21-neighbors", "five", KNeighborsClassifier(5, algorithm="kd_tree"), without("n_features_in_"), [
        (base + "neighbors._classification", base + "neighbors.classification"),
        (base + "neighbors._kd_tree", base + "neighbors.kd_tree"),
        (base + "metrics._dist_metrics", base + "neighbors.dist_metrics"),
    ])

    def imputer_of_0_19(attributes):
        step = attributes["steps"][0][1].__dict__
        step.update(missing_values="NaN", axis=0)
        step.pop("n_features_in_")

    version("0.19-imputer", "holes", make_pipeline(SimpleImputer(), GaussianNB()), imputer_of_0_19,
            [(base + "impute._base\nSimpleImputer", base + "preprocessing.imputation\nImputer")])

    def columns_of_0_22(attributes):
        step = attributes["steps"][0][1].__dict__
        step.pop("_transformer_to_input_indices")
        step.update(_df_columns=pd.Index(step.pop("feature_names_in_")), _n_features=step.pop("n_features_in_"))

    version("0.22-columns", "wines", make_pipeline(ColumnTransformer([
        ("words", OneHotEncoder(handle_unknown="ignore"), ["grape", "colour"]), ("numbers", StandardScaler(), slice("alcohol", "alcohol")),
        ("one", MinMaxScaler(), [False, False, True, False, False]),
    ]), LogisticRegression()), columns_of_0_22)
    version("1.3-tree", "ruler", DecisionTreeClassifier(max_depth=5, random_state=0), tree_of_1_3)
    version("1.3-forest", "three", RandomForestClassifier(5, max_depth=4, random_state=0),
            lambda a: [tree_of_1_3(tree.__dict__) for tree in a["estimators_"]])
    version("1.5-logistic", "three", LogisticRegression(), lambda a: a.update(multi_class="deprecated"))
    version("1.8-logistic", "three", LogisticRegression(), without("multi_class"),
            [("numpy.core.multiarray", "numpy._core.multiarray")])

    # Since 1.4 histogram boosting encodes its categories itself, and has them before the other columns.
    train, target, _ = datasets["codes"]
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan)
    mask = np.isin(np.arange(5), [0, 3])
    check = functools.partial(check_array, force_all_finite=False)
    first = ColumnTransformer([("encoder", encoder, mask), ("numerical", FunctionTransformer(check), ~mask)])
    trees = HistGradientBoostingClassifier(max_iter=8, categorical_features=[0, 1], min_samples_leaf=4)
    both = Pipeline([("first", first), ("trees", trees)]).fit(train, target)

    expected = expected_of(both, "codes")
    trees._preprocessor = first
    name = "1.4-histogram-boosting"
    versions.append((name, dumps_as(name, trees, 4), {**expected, "version": version_of(name)}))


def write(model, way, path):
    if way.startswith("p"):
        path.write_bytes(pickle.dumps(model, protocol=int(way[1])))
    else:
        joblib.dump(model, path, compress=0 if way == "joblib" else (way, 6))


def columns_of(rows):
    return {str(name): rows[name].tolist() for name in rows} if isinstance(rows, pd.DataFrame) else rows.tolist()


def expected_of(model, data):
    rows = datasets[data][2]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        predicted = model.predict(rows)
        result = {"data": data}
        if not is_classifier(model):
            result["values"] = predicted.reshape(len(rows), -1).tolist()
            return result
        result["labels"] = [str(label) if isinstance(label, np.bool_) else label for label in predicted.tolist()]
        if predicted.dtype == bool:
            result["labels"] = [str(label) for label in predicted]
        if hasattr(model, "predict_proba"):
            result["probabilities"] = [[float(f"{p:.12g}") for p in row] for row in model.predict_proba(rows)]
        return result


def main():
    np.random.seed(0)
    make_datasets()
    named = pd.DataFrame(datasets["three"][0], columns=["a", "b", "c", "d", "e", "f"])
    datasets["named"] = (named, datasets["three"][1], pd.DataFrame(datasets["three"][2], columns=named.columns))
    make_classifiers()
    make_regressors()
    make_pipelines()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    expected = {"sklearn": sklearn.__version__, "datasets": {}, "cases": {}}
    for number, (name, model, data) in enumerate(cases):
        way = WAYS[number % len(WAYS)]
        file = f"{name}.{way}.{ENDINGS[way]}"
        write(model, way, FOLDER / file)
        expected["cases"][file] = expected_of(model, data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        make_versions()
    for name, raw, answers in versions:
        (FOLDER / f"version-{name}.pkl").write_bytes(raw)
        expected["cases"][f"version-{name}.pkl"] = answers
    for name, (_, _, rows) in datasets.items():
        expected["datasets"][name] = columns_of(rows)
    text = json.dumps(expected, ensure_ascii=False).encode()
    (FOLDER / "expected.json.gz").write_bytes(gzip.compress(text, mtime=0))
    print(f"{len(cases) + len(versions)} models, {sum(f.stat().st_size for f in FOLDER.iterdir()) // 1024} KiB")


main()
