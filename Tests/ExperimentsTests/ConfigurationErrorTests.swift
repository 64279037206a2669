import Testing

@Suite struct ConfigurationErrorTests {
  @Test(arguments: [
    FaultyText.entry(
      "training", "stpes: 5", "training.stpes: unknown key; did you mean steps?"),
    .entry(
      "finite", "temperature: 5",
      "finite.temperature: unknown key; known keys here: widths, seeds, mirror"
    ),
    .entry(
      "finite", "[1]: 5", "finite: a key must be a word; known keys here: widths, seeds, mirror"
    )
    .onLine(2),
    FaultyText(
      text: "data: {format: csv, train_path: a}\n\ntrainign:\n  steps: 5\n",
      sentence: "run.yaml:3: trainign: unknown key; did you mean training?"),
    FaultyText(
      text: "network:\n  bias: true\n",
      sentence: "run.yaml: data: missing; give a section that says what is learned, "
        + "such as format: csv"),
    FaultyText(
      text: "data: 5\n",
      sentence: "run.yaml:1: data: received 5; accepted: a mapping with keys such as format"),
    FaultyText(
      text: "data:\n  train: 5\n",
      sentence: "run.yaml:1: data.format: missing; give cifar10, mnist, csv or synthetic"),
    .entry("training", "steps: 5", "training.learning_rate: missing; give a positive number")
      .onLine(2),
    .entry(
      "training", "learning_rate: 5",
      "training.steps: missing; give a whole number of at least 1"
    ).onLine(2),
  ]) func keys(_ fault: FaultyText) throws {
    #expect(try refusal(of: fault.text) == fault.sentence)
  }

  @Test(arguments: [
    FaultyText.data(
      "format: cifra10",
      "format: received cifra10, did you mean cifar10? accepted: cifar10, "
        + "mnist, csv, synthetic"
    ).replacing("  format: cifar10\n", with: "\n"),
    .data("test_path: ''", "test_path: received the text \"\"; accepted: a path"),
    .data(
      "train_labels_path: b", "train_labels_path: not used by format cifar10, only by mnist"),
    .data("dimension: 3", "dimension: not used by format cifar10, only by synthetic"),
    .data(
      "classes: [1]",
      "classes: received 1 class; accepted: two classes, each a label or a list of labels"),
    .data(
      "classes: 1",
      "classes: received 1; accepted: two classes, each a label or a list of labels"),
    .data(
      "classes: []",
      "classes: received an empty list; accepted: two classes, each a label or a list of labels"),
    .data(
      "classes: [1, 10]", "classes: received 10; accepted: a label from 0 to 9"),
    FaultyText(
      text: "data: {format: csv, train_path: a, classes: [1, 3000000000]}",
      sentence: "run.yaml:1: data.classes: received 3000000000; accepted: a label from "
        + "-2147483647 to 2147483647"),
    FaultyText(
      text: "data: {format: csv, train_path: a, classes: [1, 0.5]}",
      sentence: "run.yaml:1: data.classes: received 0.5; accepted: a whole number as label"),
    .data("classes: [1, x]", "classes: received x; accepted: a label from 0 to 9"),
    .data("classes: [1, 1]", "classes: the label 1 is listed twice"),
    .data("classes: [1, [2, 1]]", "classes: the label 1 is listed twice"),
    .data(
      "classes: [1, []]",
      "classes: received an empty list; accepted: a label or a list of labels"),
    .data("train: 0", "train: received 0; accepted: a whole number of at least 1"),
    .data("train: 1.5", "train: received 1.5; accepted: a whole number of at least 1"),
    .data(
      "train: 1e12",
      "train: received 1e12; accepted: a whole number from 1 to 2147483647"),
    .data(
      "train: 2147483648",
      "train: received 2147483648; accepted: a whole number from 1 to 2147483647"),
    .data("train: many", "train: received many; accepted: a whole number of at least 1"),
    .data(
      "train: \"5\"", "train: received the text \"5\"; accepted: a whole number of at least 1"),
    .data("train: 0x10", "train: received 0x10; accepted: a whole number of at least 1"),
    .data("train: 010", "train: received 010; accepted: a whole number of at least 1"),
    .data("train: 1_000", "train: received 1_000; accepted: a whole number of at least 1"),
    .data("train:", "train: received nothing; accepted: a whole number of at least 1"),
    .data("train: [5]", "train: received a list; accepted: a whole number of at least 1"),
    .data(
      "subset_seed: -1",
      "subset_seed: received -1; accepted: a whole number from 0 to 18446744073709551615"),
    .data(
      "normalize: yes",
      "normalize: received yes; accepted: none, standardize or {mean: M, std: S}"),
    .data("normalize: {mean: 1}", "normalize.std: missing; give a positive number"),
    .data(
      "normalize: {mean: 1, std: 0}",
      "normalize.std: received 0; accepted: a positive number"),
    .data(
      "normalize: {maen: 1, std: 1}", "normalize.maen: unknown key; did you mean mean?"),
    FaultyText(
      text: "data: {format: csv}",
      sentence: "run.yaml:1: data.train_path: missing; give the file of the training points"),
    FaultyText(
      text: "data: {format: mnist, train_path: a}",
      sentence:
        "run.yaml:1: data.train_labels_path: missing; give the file of the training labels, which is"
        + " named after that of the images only where this has images-idx3 or images.idx3 in its name"
    ),
    FaultyText(
      text: "data: {format: mnist, train_path: a, train_labels_path: b, test_path: c}",
      sentence:
        "run.yaml:1: data.test_labels_path: missing; give the file of the test labels, which is"
        + " named after that of the images only where this has images-idx3 or images.idx3 in its name"
    ),
    FaultyText(
      text: "data: {format: synthetic, train: 3}",
      sentence: "run.yaml:1: data.dimension: missing; give the number of features"),
    FaultyText(
      text: "data: {format: synthetic, train: 3, dimension: 2, separation: -1}",
      sentence: "run.yaml:1: data.separation: received -1; accepted: a number of at least 0"),
    FaultyText(
      text: "data: {format: synthetic, train: 3, dimension: 2, train_path: b}",
      sentence: "run.yaml:1: data.train_path: not used by format synthetic, only by cifar10, "
        + "mnist, csv"),
  ]) func dataSection(_ fault: FaultyText) throws {
    #expect(try refusal(of: fault.text) == fault.sentence)
  }
}
