// Trial: one case in front of one subject. It expands the image once, runs the direct path once for all
// oracles, and tells a journal before each run, so that a crash can be laid at the right door.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/choice_source.h"
#include "corpora/case/image.h"
#include "oracles/subject.h"
#include "oracles/trial/effects.h"

namespace oracles {

class Trial {
 public:
  // Throws engine::InputError when a call's operator is not in the subject's catalog, or its arguments do not
  // stand one for one with the schema's.
  Trial(Subject& subject, const corpora::Case& c);

  const corpora::Case& test_case() const { return case_; }
  const corpora::Operator& last_operator() const { return *operators_.back(); }
  const std::vector<const corpora::Operator*>& operators() const { return operators_; }
  const corpora::Image& image() const { return image_; }
  Subject& subject() { return subject_; }

  // The direct run, made once and shared.
  const Outcome& direct();
  // What its calls are given, worked out once: most oracles ask.
  const std::vector<TensorUse>& uses();
  // The direct run again with another memory pattern, made once and shared; asked for only when something
  // differs.
  const Outcome& direct_other_pattern();
  Outcome run(const corpora::Path& path);
  // Runs another program or other data; the journal is told `told`, the path by which a replay finds this run
  // again.
  Outcome run(const corpora::Case& other, const corpora::Path& path, const corpora::Path& told);

  // The path that the header asks of this oracle, or empty when the oracle may choose.
  const corpora::Path& asked_path() const { return case_.header.path; }
  // Choices that depend on the case's content only: an oracle's own draws (which storage to dress, ...).
  corpora::PhiloxChoices choices(uint64_t stream) const;

  // Called before every run with the path about to be walked.
  std::function<void(const corpora::Path&)> before_run;
  // Called after every run that came back, with the program that ran.
  std::function<void(const corpora::Case&, const Outcome&)> after_run;

 private:
  Outcome run(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path,
              const corpora::Path& told);

  Subject& subject_;
  const corpora::Case& case_;
  corpora::Image image_;
  std::vector<const corpora::Operator*> operators_;
  std::optional<Outcome> direct_, direct_other_pattern_;
  std::optional<std::vector<TensorUse>> uses_;
  mutable std::optional<uint64_t> content_hash_;
};

// A number of the case's storages, inputs and calls; the header has no part in it.
uint64_t content_hash(const corpora::Case& c);

}  // namespace oracles
