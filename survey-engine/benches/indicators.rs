//! All indicators of one school from its tallies: every scale of the five forms of the questionnaire that comes with the engine, with
//! intervals, reliability and items, behind disclosure.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a benchmark"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use survey_engine::disclosure::{Decision, Node, Reach, Size, plan};
use survey_engine::indicator::{Estimate, estimate};
use survey_engine::questionnaire::{Form, Framework, ModuleSelection, Questionnaire, defaults};
use survey_engine::scoring::Blueprint;
use survey_engine::tally::Tally;

/// What is stored of one form at a school.
struct Stored {
    blueprint: Blueprint,
    tally: Tally,
    decisions: Vec<Decision>,
    invited: u64,
}

/// The tally of `responses` answers to the modules that are asked by default.
fn stored(form: &Form, responses: u64, invited: u64) -> Stored {
    let blueprint = Blueprint::of(form).unwrap();
    let selection = ModuleSelection::default_of(form);
    let mut state = responses;
    let mut next = move |below: u64| {
        // Constants of Knuth's generator MMIX.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut tally = Tally::new(&blueprint);
    for _ in 0..responses {
        let mut packed = vec![252; blueprint.length()];
        let level = next(2);
        for (index, item) in form.items() {
            let module = form.module_of(index).unwrap();
            let plan = blueprint.items().iter().find(|plan| plan.id == item.id());
            if let Some(plan) = plan.filter(|_| selection.includes(module.code())) {
                let most = u64::from(plan.categories);
                let answer = 1 + (level + next(most)).min(most - 1);
                let missing = next(30) == 0;
                packed[plan.slot] = if missing {
                    255
                } else {
                    u8::try_from(answer).unwrap()
                };
            }
        }
        tally.add(&blueprint, &packed).unwrap();
    }
    let node = Node {
        parent: None,
        reach: Reach::School,
        minimum: 5,
    };
    let decisions = (0..blueprint.scales().len()).map(|scale| {
        let size = Size::of(&blueprint, &tally, scale).unwrap();
        plan(&[node], &[size]).unwrap()[0]
    });
    let decisions = decisions.collect();
    Stored {
        blueprint,
        tally,
        decisions,
        invited,
    }
}

fn estimates(stored: &[Stored]) -> Vec<Estimate> {
    let each = stored.iter().flat_map(|form| {
        let scales = form.decisions.iter().enumerate();
        scales.filter_map(|(scale, decision)| {
            let released = estimate(
                &form.blueprint,
                &form.tally,
                scale,
                decision,
                Some(form.invited),
            );
            released.unwrap().into_result().ok()
        })
    });
    each.collect()
}

fn indicators(criterion: &mut Criterion) {
    let framework = Framework::parse(defaults::FRAMEWORK).unwrap();
    let questionnaire = Questionnaire::parse(defaults::QUESTIONNAIRE, &framework).unwrap();
    let sizes = [(310, 420), (280, 420), (38, 45), (12, 40), (120, 160)];
    let forms = questionnaire.forms().iter().zip(sizes);
    let school: Vec<Stored> = forms
        .map(|(form, (responses, invited))| stored(form, responses, invited))
        .collect();
    let figures = estimates(&school);
    let items: usize = figures.iter().map(|figure| figure.items.len()).sum();
    println!("{} scales, {items} items", figures.len());
    criterion.bench_function("indicators of a school", |bench| {
        bench.iter(|| estimates(&school));
    });
    criterion.bench_function("indicators of its first form", |bench| {
        bench.iter(|| estimates(&school[..1]));
    });
}

criterion_group!(benches, indicators);
criterion_main!(benches);
