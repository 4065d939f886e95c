//! The front door: reads the command line and the configuration, builds the seams, and has done what was asked.

mod cli;
mod clock;
mod config;
mod house;
mod post;
mod progress;
#[cfg(test)]
mod ways_out;

/// Many small strings, in and out: mimalloc needs less memory and time for them than the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::main()
}
