use std::{
    fmt, io,
    marker::PhantomData,
    net::{Ipv4Addr, TcpStream},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Error, Result, anyhow, bail};

use crate::{Options, folder, keeper::Keeper, port::Port};

const START_LIMIT: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(20);
/// The children of a server that was killed may hold its memory or its port for a moment longer.
const ATTEMPTS: u32 = 3;
const ATTEMPT_PAUSE: Duration = Duration::from_millis(500);
const LOG_LINES: usize = 60;

/// What makes a server of one product. Everything else about starting and stopping is the same for all.
pub trait Kind: fmt::Debug {
    /// The product's name, for messages.
    const NAME: &'static str;
    /// The user it runs as where this process is root.
    const USER: &'static str;
    /// The signal that ends it at once, without leaving anything behind outside of its folder.
    const STOP_SIGNAL: &'static str;

    /// Writes the files that it needs into its folder; returns the commands that make its data, in order.
    fn prepare(folder: &Path, options: &Options) -> Result<Vec<Vec<String>>>;

    /// The command that runs it in the foreground, listening on this port of the loopback address.
    fn command(folder: &Path, port: u16, options: &Options) -> Result<Vec<String>>;

    /// Asks it something over this fresh connection; an error means that it is not ready to serve.
    fn ask(connection: TcpStream) -> io::Result<()>;

    /// Where its clients find it.
    fn url(port: u16) -> String;
}

/// A throw-away server on a free port of the loopback address. Dropping it stops it and deletes its data; so does
/// the end of this process, however it comes about.
#[derive(Debug)]
pub struct Server<K: Kind> {
    keeper: Keeper,
    port: Port,
    command: Vec<String>,
    pid: u32,
    kind: PhantomData<K>,
}

impl<K: Kind> Server<K> {
    /// Makes an empty server and starts it. Blocks until it serves; the error of one that does not holds its log.
    pub fn start(options: &Options) -> Result<Self> {
        folder::base(options).and_then(|base| Self::start_in(&base, options))
    }

    /// As [`Server::start`], with its folder in this one.
    ///
    /// # Errors
    /// As there.
    pub fn start_in(base: &Path, options: &Options) -> Result<Self> {
        let context = || format!("cannot start {}", K::NAME);
        Self::prepared(base, options).and_then(Self::launched).with_context(context)
    }

    /// The URL that leads its clients to it, the same for its whole life.
    pub fn url(&self) -> String {
        K::url(self.port.number)
    }

    /// The port it listens on, the same for its whole life.
    pub fn port(&self) -> u16 {
        self.port.number
    }

    /// The id of its (main) process; another one after [`Server::restart`].
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// The folder it works in, deleted with it.
    pub fn folder(&self) -> &Path {
        self.keeper.folder()
    }

    /// All that it has printed so far.
    pub fn log(&self) -> String {
        self.keeper.log()
    }

    /// Ends it as a crash would: `SIGKILL` for all its processes. Its data stays.
    pub fn kill(&mut self) -> Result<()> {
        self.keeper.kill()
    }

    /// Stops it where it stands (`SIGSTOP`): it keeps its connections, takes new ones, and answers nothing.
    pub fn pause(&mut self) -> Result<()> {
        self.keeper.signal("STOP")
    }

    /// Lets it go on after [`Server::pause`].
    pub fn resume(&mut self) -> Result<()> {
        self.keeper.signal("CONT")
    }

    /// Starts it again on the same port and with the same data, killing it before where it still runs. Blocks until
    /// it serves.
    pub fn restart(&mut self) -> Result<()> {
        self.kill()?;
        self.launch().with_context(|| format!("cannot start {} again", K::NAME))
    }

    /// Runs a command to its end in the server's folder, as its user.
    pub(crate) fn run(&mut self, command: &[String]) -> Result<()> {
        self.keeper.run(command).map_err(|error| with_log(&error, &self.keeper.log()))
    }

    /// Sends it a signal that does not end it.
    pub(crate) fn signal(&mut self, name: &str) -> Result<()> {
        self.keeper.signal(name)
    }

    fn prepared(base: &Path, options: &Options) -> Result<Self> {
        let mut keeper = Keeper::new(base, K::USER, K::STOP_SIGNAL)?;
        let port = Port::claim()?;
        for command in K::prepare(keeper.folder(), options)? {
            keeper.run(&command).map_err(|error| with_log(&error, &keeper.log()))?;
        }
        let command = K::command(keeper.folder(), port.number, options)?;
        Ok(Self { keeper, port, command, pid: 0, kind: PhantomData })
    }

    fn launched(mut self) -> Result<Self> {
        self.launch()?;
        Ok(self)
    }

    fn launch(&mut self) -> Result<()> {
        for attempt in 1.. {
            self.pid = self.keeper.start(&self.command)?;
            match self.wait_until_ready() {
                Ok(()) => break,
                Err(error) if attempt == ATTEMPTS || self.runs() => {
                    return Err(with_log(&error, &self.log()));
                }
                Err(_) => thread::sleep(ATTEMPT_PAUSE),
            }
        }
        Ok(())
    }

    fn wait_until_ready(&self) -> Result<()> {
        let begin = Instant::now();
        while let Err(error) = self.ask() {
            if !self.runs() {
                bail!("it ended while starting");
            }
            if begin.elapsed() > START_LIMIT {
                bail!("it does not answer within {} s: {error}", START_LIMIT.as_secs());
            }
            thread::sleep(PAUSE);
        }
        Ok(())
    }

    fn ask(&self) -> io::Result<()> {
        let connection = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port.number))?;
        connection.set_read_timeout(Some(Duration::from_secs(5)))?;
        connection.set_write_timeout(Some(Duration::from_secs(5)))?;
        K::ask(connection)
    }

    fn runs(&self) -> bool {
        Path::new("/proc").join(self.pid.to_string()).exists()
    }
}

fn with_log(error: &Error, log: &str) -> Error {
    let lines = log.lines().collect::<Vec<_>>();
    let last = lines[lines.len().saturating_sub(LOG_LINES)..].join("\n");
    anyhow!("{error:#}; its log ends with:\n{last}")
}
