/**
 * The estimators that converters exist for, by scikit-learn's packages. The modules within a package changed their
 * names over the versions (`sklearn.tree.tree` became `sklearn.tree._classes`), the classes did not.
 */
const classes: Readonly<Record<string, readonly string[]>> = {
  linear_model: [
    'LogisticRegression',
    'LogisticRegressionCV',
    'SGDClassifier',
    'SGDRegressor',
    'Perceptron',
    'PassiveAggressiveClassifier',
    'PassiveAggressiveRegressor',
    'RidgeClassifier',
    'RidgeClassifierCV',
    'LinearRegression',
    'Ridge',
    'RidgeCV',
    'Lasso',
    'LassoCV',
    'ElasticNet',
    'ElasticNetCV',
    'HuberRegressor',
    'BayesianRidge',
  ],
  svm: ['SVC', 'NuSVC', 'LinearSVC', 'SVR', 'NuSVR', 'LinearSVR'],
  tree: ['DecisionTreeClassifier', 'DecisionTreeRegressor', 'ExtraTreeClassifier', 'ExtraTreeRegressor'],
  ensemble: [
    'RandomForestClassifier',
    'RandomForestRegressor',
    'ExtraTreesClassifier',
    'ExtraTreesRegressor',
    'GradientBoostingClassifier',
    'GradientBoostingRegressor',
    'HistGradientBoostingClassifier',
    'HistGradientBoostingRegressor',
  ],
  neighbors: ['KNeighborsClassifier', 'KNeighborsRegressor'],
  naive_bayes: ['GaussianNB'],
  discriminant_analysis: ['LinearDiscriminantAnalysis'],
  lda: ['LDA'],
  neural_network: ['MLPClassifier', 'MLPRegressor'],
  preprocessing: [
    'StandardScaler',
    'MinMaxScaler',
    'MaxAbsScaler',
    'RobustScaler',
    'Normalizer',
    'PolynomialFeatures',
    'OneHotEncoder',
    'OrdinalEncoder',
    'LabelEncoder',
    'LabelBinarizer',
    'FunctionTransformer',
    'Imputer',
  ],
  impute: ['SimpleImputer', 'MissingIndicator'],
  decomposition: ['PCA', 'TruncatedSVD'],
  compose: ['ColumnTransformer'],
  pipeline: ['Pipeline', 'FeatureUnion'],
  model_selection: ['GridSearchCV', 'RandomizedSearchCV', 'HalvingGridSearchCV', 'HalvingRandomSearchCV'],
};

const packagesOf = new Map<string, string>(
  Object.entries(classes).flatMap(([area, names]) => names.map((name) => [name, area] as const)),
);

/** @returns whether that is one of scikit-learn's estimators that can be converted. */
export function isEstimatorName(module: string, name: string): boolean {
  const area = packagesOf.get(name);
  return area !== undefined && (module === `sklearn.${area}` || module.startsWith(`sklearn.${area}.`));
}
