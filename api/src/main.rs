//! The `klankbord` binary.

use clap::Parser;
use std::process::ExitCode;

/// Every answer is many small pieces of memory, which this hands out with a third less processor time than the C library.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = klankbord::cli::Cli::parse();
    // The one TLS provider of the process; a second call changes nothing.
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let outcome = actix_web::rt::System::new().block_on(klankbord::cli::run(cli));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            klankbord::cli::report(&error);
            ExitCode::from(klankbord::cli::exit_code(&error))
        }
    }
}
